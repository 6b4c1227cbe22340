import type { EventEnvelope } from './envelope.ts';
import type { EventTransaction } from './transaction.ts';

/** A parked event. `failed` could not be handled, `waiting` stands behind one of its stream, `discarded` will be skipped. */
export interface DeadLetter {
  readonly consumer: string;
  readonly eventId: string;
  readonly source: string;
  readonly streamType: string;
  readonly streamId: string;
  readonly position: number;
  readonly status: 'failed' | 'waiting' | 'discarded';
  readonly envelope: EventEnvelope;
  readonly error: string | null;
  readonly attempts: number;
  readonly parkedAt: Date;
}

/** A stream as a consumer sees it: the unit that is locked, parked and redriven. */
export interface StreamKey {
  readonly consumer: string;
  readonly source: string;
  readonly streamType: string;
  readonly streamId: string;
}

const COLUMNS = `consumer, event_id AS "eventId", source, stream_type AS "streamType", stream_id AS "streamId",
  position::float8 AS position, status, envelope, error, attempts, parked_at AS "parkedAt"`;

const PARK = `
  INSERT INTO dead_letter (consumer, event_id, source, stream_type, stream_id, position, status, envelope, error, attempts)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
  ON CONFLICT (consumer, event_id) DO UPDATE
    SET error = excluded.error, attempts = dead_letter.attempts + excluded.attempts, status = excluded.status, requested_at = NULL
    WHERE excluded.status = 'failed'`;

/** The stream an event belongs to, for one consumer. */
export function streamKey(consumer: string, envelope: EventEnvelope): StreamKey {
  return { consumer, source: envelope.source, streamType: envelope.streamtype, streamId: envelope.subject };
}

/** Holds the stream for this consumer until the transaction ends: handling, parking and redriving exclude each other. */
export async function lockStream(tx: EventTransaction, key: StreamKey): Promise<void> {
  const name = [key.consumer, key.source, key.streamType, key.streamId].join('/');
  await tx.$queryRawUnsafe('SELECT pg_advisory_xact_lock(hashtextextended($1, 7264))::text', name);
}

/** Parks an event behind, or as, the cause of its stream's halt. */
export async function park(
  tx: EventTransaction,
  consumer: string,
  envelope: EventEnvelope,
  failure: { readonly error: string; readonly attempts: number } | null,
): Promise<void> {
  const status = failure === null ? 'waiting' : 'failed';
  const { id, source, streamtype, subject, position } = envelope;
  const values = [consumer, id, source, streamtype, subject, position, status, JSON.stringify(envelope)];
  await tx.$executeRawUnsafe(PARK, ...values, failure?.error ?? null, failure?.attempts ?? 0);
}

/** Parked events of one consumer, or of all, oldest first; `status` narrows. */
export function listDeadLetters(
  tx: EventTransaction,
  { consumer = null, status = null, limit = 100 }: { consumer?: string | null; status?: string | null; limit?: number } = {},
): Promise<readonly DeadLetter[]> {
  return tx.$queryRawUnsafe<DeadLetter[]>(
    `SELECT ${COLUMNS} FROM dead_letter
     WHERE ($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR status = $2)
     ORDER BY consumer, source, position LIMIT $3::int`,
    consumer,
    status,
    limit,
  );
}

/** One parked event with everything known about it. */
export async function showDeadLetter(tx: EventTransaction, consumer: string, eventId: string): Promise<DeadLetter | undefined> {
  const rows = await tx.$queryRawUnsafe<DeadLetter[]>(
    `SELECT ${COLUMNS} FROM dead_letter WHERE consumer = $1 AND event_id = $2`,
    consumer,
    eventId,
  );
  return rows[0];
}

/** Asks the running consumer to try a failed event, or all of its failed events, again. Answers how many were asked for. */
export function requestRedrive(tx: EventTransaction, consumer: string, eventId: string | null = null): Promise<number> {
  return tx.$executeRawUnsafe(
    `UPDATE dead_letter SET requested_at = now()
     WHERE consumer = $1 AND ($2::text IS NULL OR event_id = $2) AND status = 'failed'`,
    consumer,
    eventId,
  );
}

/** Gives a failed event up: the running consumer skips it and goes on with what waits behind it. Answers 1, or 0 if there is none. */
export function discard(tx: EventTransaction, consumer: string, eventId: string): Promise<number> {
  return tx.$executeRawUnsafe(
    `UPDATE dead_letter SET status = 'discarded', requested_at = now() WHERE consumer = $1 AND event_id = $2 AND status = 'failed'`,
    consumer,
    eventId,
  );
}

/** The oldest parked event of the oldest stream somebody asked to go on with. */
export async function nextRequested(tx: EventTransaction, consumer: string): Promise<DeadLetter | undefined> {
  const rows = await tx.$queryRawUnsafe<DeadLetter[]>(
    `SELECT ${COLUMNS} FROM dead_letter d WHERE consumer = $1 AND requested_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM dead_letter o WHERE o.consumer = d.consumer AND o.source = d.source
         AND o.stream_type = d.stream_type AND o.stream_id = d.stream_id AND o.position < d.position)
     ORDER BY requested_at LIMIT 1`,
    consumer,
  );
  return rows[0];
}

/** Takes an event off the parked ones and lets the next of its stream be tried. */
export async function unpark(tx: EventTransaction, key: StreamKey, eventId: string): Promise<void> {
  await tx.$executeRawUnsafe('DELETE FROM dead_letter WHERE consumer = $1 AND event_id = $2', key.consumer, eventId);
  await tx.$executeRawUnsafe(
    `UPDATE dead_letter SET requested_at = now() WHERE (consumer, event_id) IN (
       SELECT consumer, event_id FROM dead_letter
       WHERE consumer = $1 AND source = $2 AND stream_type = $3 AND stream_id = $4 ORDER BY position LIMIT 1)`,
    key.consumer,
    key.source,
    key.streamType,
    key.streamId,
  );
}
