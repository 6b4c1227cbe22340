/**
 * An event as it travels: the attributes of CloudEvents 1.0 (core and the distributed-tracing extension),
 * with lower-case extension attributes for what a consumer needs to keep order.
 */
export interface EventEnvelope {
  readonly specversion: '1.0';
  /** `evt_…`; the same for every delivery of the same event. */
  readonly id: string;
  /** The event's name, `order.confirmed`. */
  readonly type: string;
  /** The subgraph that recorded it. */
  readonly source: string;
  /** Id of the stream (aggregate) it belongs to. */
  readonly subject: string;
  /** RFC 3339 instant at which it was recorded. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Name and version of the data's schema, `order.confirmed/2`. */
  readonly dataschema: string;
  readonly data: unknown;
  /** Shared by everything that one request or workflow caused. */
  readonly correlationid?: string;
  /** Id of the event or command that caused this one. */
  readonly causationid?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** Who caused it: a user id or a service name. */
  readonly actor?: string;
  readonly streamtype: string;
  /** 1 for the first event of the stream; no gaps. */
  readonly streamversion: number;
  /** Gapless position in the log of its source. */
  readonly position: number;
}

/** What is recorded beside the data: who and what caused the event. */
export interface EventMetadata {
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly actor?: string;
}

/** One row of the `event` table with a position, as the sequencer reads it. */
export interface RecordedEvent {
  readonly id: string;
  readonly position: string;
  readonly stream_type: string;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  readonly recorded_at: Date;
}

/** The columns of {@link RecordedEvent}, for a SELECT list. */
export const RECORDED_EVENT_COLUMNS = 'id, position, stream_type, stream_id, stream_version, type, version, data, metadata, recorded_at';

/** Puts a recorded row into its travelling form. */
export function toEnvelope(row: RecordedEvent, source: string): EventEnvelope {
  const { correlationId, causationId, traceparent, actor } = row.metadata;
  return {
    specversion: '1.0',
    id: row.id,
    type: row.type,
    source,
    subject: row.stream_id,
    time: row.recorded_at.toISOString(),
    datacontenttype: 'application/json',
    dataschema: `${row.type}/${row.version}`,
    data: row.data,
    ...(correlationId === undefined ? {} : { correlationid: correlationId }),
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(actor === undefined ? {} : { actor }),
    streamtype: row.stream_type,
    streamversion: row.stream_version,
    position: Number(row.position),
  };
}

/** The version of the data's schema, read from `dataschema`; NaN when it names none. */
export function schemaVersion(envelope: EventEnvelope): number {
  return Number(envelope.dataschema.slice(envelope.dataschema.lastIndexOf('/') + 1));
}
