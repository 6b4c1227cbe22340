import { z } from 'zod';
import type { EventDefinition } from './define-event.ts';

/** The parts of an AsyncAPI 3.0 document that {@link asyncApi} writes. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly defaultContentType: string;
  readonly channels: Readonly<Record<string, AsyncApiChannel>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** One event type: its versions as messages. */
export interface AsyncApiChannel {
  readonly address: string;
  readonly messages: Readonly<Record<string, { readonly name: string; readonly payload: unknown }>>;
}

const text = { type: 'string' } as const;

/** The CloudEvents attributes around the data (see EventEnvelope), as JSON Schema. */
const attributes = {
  specversion: { const: '1.0' },
  id: text,
  source: text,
  subject: { ...text, description: 'Id of the stream the event belongs to.' },
  time: { ...text, format: 'date-time' },
  datacontenttype: { const: 'application/json' },
  correlationid: text,
  causationid: text,
  traceparent: text,
  actor: text,
  streamtype: text,
  streamversion: { type: 'integer', minimum: 1 },
  position: { type: 'integer', minimum: 1 },
};

const required = [
  'specversion',
  'id',
  'type',
  'source',
  'subject',
  'time',
  'dataschema',
  'data',
  'streamtype',
  'streamversion',
  'position',
];

/**
 * Describes events for readers outside this code base: one channel per event type, one message per released version
 * (AsyncAPI 3.0, https://www.asyncapi.com/docs/reference/specification/v3.0.0).
 */
export function asyncApi(info: AsyncApiDocument['info'], definitions: readonly EventDefinition[]): AsyncApiDocument {
  const channels = definitions.map((definition) => [definition.type, channelOf(definition)] as const);
  return {
    asyncapi: '3.0.0',
    info,
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(channels),
    components: { schemas: { envelope: { type: 'object', required, properties: attributes } } },
  };
}

function channelOf({ type, schemas }: EventDefinition): AsyncApiChannel {
  const messages = Object.entries(schemas).map(([version, schema]) => {
    const own = { type: { const: type }, dataschema: { const: `${type}/${version}` }, data: z.toJSONSchema(schema) };
    return [
      `v${version}`,
      { name: `${type}/${version}`, payload: { allOf: [{ $ref: '#/components/schemas/envelope' }, { properties: own }] } },
    ] as const;
  });
  return { address: type, messages: Object.fromEntries(messages) };
}
