import { readFile } from 'node:fs/promises';
import { testDatabase } from '@app/testing';
import pg from 'pg';

export type EventDatabase = Awaited<ReturnType<typeof openEventDatabase>>;

/** A database of its own with the event tables, a journal for the effects of handlers, and a pool. */
export async function openEventDatabase() {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 20 });
  // The test ends some backends on purpose; their idle connections report it here.
  pool.on('error', () => undefined);
  await pool.query(await readFile(new URL('../sql/events.sql', import.meta.url), 'utf8'));
  await pool.query('CREATE TABLE journal (n bigserial PRIMARY KEY, consumer text, stream text, version int, event_id text)');
  return {
    url: database.url,
    pool,
    async [Symbol.asyncDispose]() {
      await pool.end();
      await database[Symbol.asyncDispose]();
    },
  };
}
