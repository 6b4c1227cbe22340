import type { z } from 'zod';
import { type EventEnvelope, type EventMetadata, schemaVersion } from './envelope.ts';
import { EventError } from './event-error.ts';

/** Schemas by version number, 1, 2, 3 … without gaps. */
export type EventSchemas = Readonly<Record<number, z.ZodType>>;

/** The key of version N, which TypeScript infers as a number or as its text. */
type KeyOf<S, N extends readonly unknown[]> = Extract<keyof S, N['length'] | `${N['length'] & number}`>;

/** The highest version's schema. Counts a tuple upwards until the next number is no key any more. */
type LatestSchema<S extends EventSchemas, N extends readonly unknown[] = [unknown]> = [KeyOf<S, [...N, unknown]>] extends [never]
  ? S[KeyOf<S, N>]
  : LatestSchema<S, [...N, unknown]>;

/** What `define` takes per version: its schema and, except for the latest, the way up to the next version. */
export type EventVersions<S extends EventSchemas> = {
  readonly [V in keyof S]: { readonly schema: S[V]; readonly up?: (data: z.output<S[V]>) => unknown };
};

/** An event that is about to be recorded. Made by {@link EventDefinition.create}. */
export interface DraftEvent {
  readonly type: string;
  readonly version: number;
  readonly streamType: string;
  readonly streamId: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  /** The stream's version before this event; `publish` refuses it when the stream has moved on. */
  readonly expectedVersion?: number;
}

/** Options of {@link EventDefinition.create}. */
export interface DraftOptions extends EventMetadata {
  readonly expectedVersion?: number;
}

/** A received event with its data in the latest version. */
export interface ReceivedEvent<Data> extends Omit<EventEnvelope, 'data'> {
  readonly data: Data;
}

/** A domain event: its name, its versions, how to make one and how to read one of any version. */
export interface EventDefinition<Data = unknown, Input = unknown> {
  readonly type: string;
  /** First part of the name; the kind of aggregate whose stream it belongs to. */
  readonly streamType: string;
  readonly latestVersion: number;
  readonly schemas: EventSchemas;
  /** A draft of the latest version. @throws EventError EVENT_DATA_INVALID naming the fields at fault. */
  create(streamId: string, data: Input, options?: DraftOptions): DraftEvent;
  /** The data brought to the latest version. @throws EventError EVENT_VERSION_UNKNOWN, EVENT_DATA_INVALID, EVENT_UPCAST_FAILED. */
  read(envelope: EventEnvelope): ReceivedEvent<Data>;
}

/** The data a handler of `D` receives. */
export type DataOf<D> = D extends EventDefinition<infer Data, infer _Input> ? Data : never;

interface Version {
  readonly schema: z.ZodType;
  readonly up?: (data: never) => unknown;
}

const NAME = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/**
 * Defines an event: `defineEvent('order.confirmed', { 1: { schema: v1, up: toV2 }, 2: { schema: v2 } })`.
 * A released version never changes; a change of shape is a new version with an upcaster from the one before.
 * @throws EventError EVENT_DEFINITION_INVALID for a name that is not `noun.past_tense`, a gap, or a missing upcaster.
 */
export function defineEvent<const S extends EventSchemas>(
  type: string,
  versions: EventVersions<S>,
): EventDefinition<z.output<LatestSchema<S>>, z.input<LatestSchema<S>>> {
  const steps = checkedVersions(type, versions);
  const latestVersion = steps.length;
  return {
    type,
    streamType: type.slice(0, type.indexOf('.')),
    latestVersion,
    schemas: Object.fromEntries(steps.map((step, index) => [index + 1, step.schema])),
    create(streamId, data, options = {}) {
      const { expectedVersion, ...metadata } = options;
      const parsed = parse(type, latestVersion, steps, data);
      const streamType = type.slice(0, type.indexOf('.'));
      const draft = { type, version: latestVersion, streamType, streamId, data: parsed, metadata };
      return expectedVersion === undefined ? draft : { ...draft, expectedVersion };
    },
    read(envelope) {
      const data = upcast(type, steps, envelope) as z.output<LatestSchema<S>>;
      return { ...envelope, data };
    },
  };
}

function checkedVersions(type: string, versions: Readonly<Record<number, Version>>): readonly Version[] {
  const invalid = (why: string) => new EventError('EVENT_DEFINITION_INVALID', `event "${type}": ${why}`);
  if (!NAME.test(type)) throw invalid('a name has the form noun.past_tense in lower case');
  const numbers = Object.keys(versions).map(Number);
  if (numbers.length === 0) throw invalid('it has no version');
  return numbers.map((number, index) => {
    if (number !== index + 1) throw invalid(`versions count up from 1 without gaps, got ${numbers.join(', ')}`);
    const version = versions[number];
    if (version === undefined) throw invalid(`version ${number} is missing`);
    const isLatest = index === numbers.length - 1;
    if (!isLatest && version.up === undefined) throw invalid(`version ${number} has no "up" to version ${number + 1}`);
    if (isLatest && version.up !== undefined) throw invalid(`the latest version ${number} has an "up" to nowhere`);
    return version;
  });
}

function upcast(type: string, steps: readonly Version[], envelope: EventEnvelope): unknown {
  const from = schemaVersion(envelope);
  if (!Number.isInteger(from) || from < 1 || from > steps.length) {
    throw new EventError(
      'EVENT_VERSION_UNKNOWN',
      `event ${envelope.id}: "${envelope.dataschema}" is not a known version of "${type}" (1 to ${steps.length})`,
    );
  }
  let data = parse(type, from, steps, envelope.data);
  for (let version = from; version < steps.length; version += 1) {
    data = parse(type, version + 1, steps, stepUp(type, version, steps[version - 1]?.up, data));
  }
  return data;
}

function stepUp(type: string, version: number, up: Version['up'], data: unknown): unknown {
  try {
    return up?.(data as never);
  } catch (cause) {
    throw new EventError('EVENT_UPCAST_FAILED', `event "${type}": the upcaster of version ${version} threw`, { cause });
  }
}

function parse(type: string, version: number, steps: readonly Version[], data: unknown): unknown {
  const result = steps[version - 1]?.schema.safeParse(data);
  if (result?.success === true) return result.data;
  const issues = result?.error.issues.map((issue) => `${issue.path.join('.') || '(data)'}: ${issue.message}`) ?? [];
  throw new EventError('EVENT_DATA_INVALID', `event "${type}" version ${version}: ${issues.join('; ')}`);
}
