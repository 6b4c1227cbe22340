import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCacheDir, findNats, findRedis, freePort, scratchDir, startNats, startPostgres, startRedis } from '@app/platform';
import pg from 'pg';

/** Servers of one measurement. */
export interface Services extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly natsUrl: string;
  /** An empty database with the event tables. */
  reset(): Promise<void>;
}

/** A Postgres that syncs to disk as in production, a Redis and a NATS, gone when disposed. */
export async function startServices(): Promise<Services> {
  await using started = new AsyncDisposableStack();
  const scratch = started.use(await scratchDir('bench'));
  const search = { path: process.env['PATH'] ?? '', cacheDir: defaultCacheDir(process.env) };
  const dataDir = (name: string) => join(scratch.path, name);
  const postgres = await startPostgres({ dataDir: dataDir('postgres'), port: await freePort(), password: 'bench', mode: 'durable' });
  started.defer(() => postgres.stop());
  const redis = await startRedis({ program: await findRedis(search), port: await freePort(), dataDir: dataDir('redis'), mode: 'durable' });
  started.defer(() => redis.stop());
  const nats = await startNats({ program: await findNats(search), port: await freePort(), dataDir: dataDir('nats') });
  started.defer(() => nats.stop());
  const sql = await readFile(new URL('../../packages/events/sql/events.sql', import.meta.url), 'utf8');
  const databaseUrl = postgres.url('postgres');
  const stack = started.move();
  return {
    databaseUrl,
    redisUrl: redis.url,
    natsUrl: nats.url,
    async reset() {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${sql}`);
      await client.end();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
