import type { ClientBase } from 'pg';
import { RECORDED_EVENT_COLUMNS, type RecordedEvent } from './envelope.ts';

/**
 * Gives committed events their gapless positions. Only the holder of the relay's lock may call these:
 * a cursor over commit order loses events of slow transactions, marking rows under one lock does not.
 */

const SEQUENCE = `
  WITH batch AS (
    SELECT id, row_number() OVER (ORDER BY recorded_seq) AS n
    FROM event WHERE position IS NULL ORDER BY recorded_seq LIMIT $1
  ), last AS (SELECT coalesce(max(position), 0) AS position FROM event)
  UPDATE event SET position = last.position + batch.n FROM batch, last WHERE event.id = batch.id`;

const READ_AFTER = `SELECT ${RECORDED_EVENT_COLUMNS} FROM event WHERE position > $1 ORDER BY position LIMIT $2`;

const MOVE_CURSOR = `
  INSERT INTO event_relay (name, position) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET position = excluded.position`;

/** Numbers at most `limit` events; answers how many there were. */
export async function sequence(db: ClientBase, limit: number): Promise<number> {
  return (await db.query(SEQUENCE, [limit])).rowCount ?? 0;
}

/** Events after a position, in order. */
export async function readAfter(db: ClientBase, position: number, limit: number): Promise<readonly RecordedEvent[]> {
  return (await db.query<RecordedEvent>(READ_AFTER, [position, limit])).rows;
}

/** The highest position given so far; 0 before the first. */
export async function lastPosition(db: ClientBase): Promise<number> {
  const { rows } = await db.query<{ position: string | null }>('SELECT max(position) AS position FROM event');
  return Number(rows[0]?.position ?? 0);
}

/** Up to where a relay has pushed; 0 before its first push. */
export async function readCursor(db: ClientBase, relay: string): Promise<number> {
  const { rows } = await db.query<{ position: string }>('SELECT position FROM event_relay WHERE name = $1', [relay]);
  return Number(rows[0]?.position ?? 0);
}

/** Remembers up to where a relay has pushed. */
export async function moveCursor(db: ClientBase, relay: string, position: number): Promise<void> {
  await db.query(MOVE_CURSOR, [relay, position]);
}
