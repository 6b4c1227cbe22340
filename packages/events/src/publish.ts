import { currentRequest } from '@app/observability';
import type { DraftEvent } from './define-event.ts';
import type { EventMetadata } from './envelope.ts';
import { EventError } from './event-error.ts';
import { eventId } from './event-id.ts';
import { isStorable } from './storable-json.ts';
import type { EventTransaction } from './transaction.ts';

/** Largest data of one event, in bytes of UTF-8 JSON. What is larger belongs into storage, with the event naming it. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** The Postgres channel on which a commit with new events wakes the relay. */
export const EVENT_CHANNEL = 'event_recorded';

/** Where an event was put. */
export interface PublishedEvent {
  readonly id: string;
  /** The stream's version after this event. */
  readonly streamVersion: number;
}

const LOCK_STREAMS = `
  SELECT pg_advisory_xact_lock(hashtextextended(k, 7263))::text
  FROM (SELECT DISTINCT k FROM unnest($1::text[]) AS k ORDER BY k) AS keys`;

const INSERT_EVENTS = `
  WITH draft AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.stream_type, d.stream_id ORDER BY d.n) AS step,
      (SELECT coalesce(max(e.stream_version), 0) FROM event e
        WHERE e.stream_type = d.stream_type AND e.stream_id = d.stream_id) AS current
    FROM jsonb_to_recordset($1::jsonb) AS d(n int, id text, stream_type text, stream_id text,
      type text, version int, data jsonb, metadata jsonb, expected int)
  ), inserted AS (
    INSERT INTO event (id, stream_type, stream_id, stream_version, type, version, data, metadata)
    SELECT id, stream_type, stream_id, current + step, type, version, data, metadata
    FROM draft WHERE expected IS NULL OR expected = current + step - 1 ORDER BY n
    RETURNING id, stream_version
  )
  SELECT i.id, i.stream_version AS "streamVersion", pg_notify('${EVENT_CHANNEL}', '')::text FROM inserted i`;

/**
 * Records an event in the caller's transaction; it is relayed after the commit and never without it.
 * Correlation, causation and trace are those of the request or event being handled, unless the draft names others.
 * Writers of one stream queue on a transaction lock until the first has committed.
 * @throws EventError EVENT_STREAM_CONFLICT when `expectedVersion` is not the stream's version, EVENT_TOO_LARGE
 *   above {@link MAX_EVENT_BYTES}, EVENT_DATA_INVALID for U+0000 and half of a surrogate pair. The caller lets it roll the transaction back.
 */
export async function publish(tx: EventTransaction, event: DraftEvent): Promise<PublishedEvent> {
  const [published] = await publishBatch(tx, [event]);
  if (published === undefined) throw conflict([event]);
  return published;
}

/** As {@link publish}, for several events in two round trips; those of one stream keep the given order. */
export async function publishBatch(tx: EventTransaction, events: readonly DraftEvent[]): Promise<readonly PublishedEvent[]> {
  if (events.length === 0) return [];
  const rows = events.map(toRow);
  const streams = events.map((event) => `${event.streamType}/${event.streamId}`);
  await tx.$queryRawUnsafe(LOCK_STREAMS, streams);
  const inserted = await tx.$queryRawUnsafe<PublishedEvent[]>(INSERT_EVENTS, JSON.stringify(rows));
  if (inserted.length !== events.length) throw conflict(events);
  // RETURNING keeps the order of insertion, which is the order given.
  return inserted.map(({ id, streamVersion }) => ({ id, streamVersion }));
}

function toRow(event: DraftEvent, n: number) {
  const { streamType, streamId, type, version, data, expectedVersion } = event;
  const metadata = { ...ambientMetadata(), ...event.metadata };
  const json = JSON.stringify(data);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_EVENT_BYTES) {
    throw new EventError('EVENT_TOO_LARGE', `event "${type}" of ${streamId} has ${bytes} bytes of data, allowed are ${MAX_EVENT_BYTES}`);
  }
  // Postgres refuses it with an error that names neither the event nor the field.
  if (!isStorable(json) || !isStorable(JSON.stringify([streamId, metadata]))) {
    throw new EventError('EVENT_DATA_INVALID', `event "${type}" contains U+0000 or half of a surrogate pair, which Postgres cannot store`);
  }
  return { n, id: eventId(), stream_type: streamType, stream_id: streamId, type, version, data, metadata, expected: expectedVersion };
}

/** What the request or event being dealt with says about the cause; what the draft says goes before it. */
function ambientMetadata(): EventMetadata {
  const context = currentRequest();
  if (context === undefined) return {};
  const { requestId, causationId, traceparent } = context;
  return { correlationId: requestId, ...(causationId !== undefined && { causationId }), ...(traceparent !== undefined && { traceparent }) };
}

function conflict(events: readonly DraftEvent[]): EventError {
  const expected = events.filter((event) => event.expectedVersion !== undefined);
  const names = expected.map((event) => `${event.streamType}/${event.streamId} at ${event.expectedVersion}`);
  return new EventError('EVENT_STREAM_CONFLICT', `a stream is not at the expected version: ${names.join(', ')}`);
}
