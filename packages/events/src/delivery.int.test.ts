import { setTimeout as sleep } from 'node:timers/promises';
import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { Counted, journalOf } from '../test/counted.ts';
import { openEventDatabase } from '../test/event-database.ts';
import { seededRandom } from '../test/random.ts';
import { until } from '../test/until.ts';
import { startConsumer } from './consumer.ts';
import { publish } from './publish.ts';
import { startRelay } from './relay.ts';
import { pgTransactor } from './transaction.ts';
import { RedisTransport } from './transport/redis-transport.ts';

const WRITERS = 16;
const EVENTS_PER_WRITER = 40;
const STREAMS = 6;

/** Transactions of one to three events on random streams, held open for random times, one in eight rolled back. */
async function writeHostile(pool: pg.Pool, random: () => number): Promise<number> {
  const transaction = pgTransactor(pool);
  const rollback = new Error('rolled back on purpose');
  const writers = Array.from({ length: WRITERS }, async () => {
    let written = 0;
    while (written < EVENTS_PER_WRITER) {
      // One stream per transaction unless they come in order: two writers that lock in opposite orders deadlock.
      const streams = Array.from({ length: 1 + Math.floor(random() * 3) }, () => Math.floor(random() * STREAMS)).sort();
      const isRolledBack = random() < 0.125;
      await transaction(async (tx) => {
        for (const stream of streams) {
          await publish(tx, Counted.create(`s${stream}`, { n: written }));
          await sleep(random() * 8);
        }
        if (isRolledBack) throw rollback;
      }).catch((error: unknown) => {
        if (error !== rollback) throw error;
      });
      if (!isRolledBack) written += streams.length;
    }
    return written;
  });
  return (await Promise.all(writers)).reduce((sum, n) => sum + n, 0);
}

/** What the journal says about a consumer: how many effects, and whether each stream counts 1, 2, 3 … */
async function journal(pool: pg.Pool, consumer: string) {
  const { rows } = await pool.query<{ stream: string; version: number }>(
    'SELECT stream, version FROM journal WHERE consumer = $1 ORDER BY n',
    [consumer],
  );
  const next = new Map<string, number>();
  const disorder: string[] = [];
  for (const { stream, version } of rows) {
    const expected = (next.get(stream) ?? 0) + 1;
    if (version !== expected) disorder.push(`${stream}: ${version} came where ${expected} was due`);
    next.set(stream, version);
  }
  return { count: rows.length, disorder };
}

async function countJournal(pool: pg.Pool, consumer: string): Promise<number> {
  const { rows } = await pool.query<{ n: string }>('SELECT count(*) AS n FROM journal WHERE consumer = $1', [consumer]);
  return Number(rows[0]?.n);
}

test('16 hostile writers lose nothing, double nothing and disorder nothing while relay, readers and Redis die', async () => {
  const random = seededRandom('hostile writers', process.env['SEED'] === undefined ? undefined : Number(process.env['SEED']));
  await using db = await openEventDatabase();
  await using server = await testRedis();
  const redis = new Redis(server.url);
  const prefix = 'hostile';
  const transport = new RedisTransport({ redis, prefix, partitions: 4 });
  const connection = { connectionString: db.url, application_name: 'relay' };
  const signals: string[] = [];
  const observe = ({ kind }: { kind: string }) => void signals.push(kind);
  const relays = [1, 2].map(() => startRelay({ connection, source: 'test', transport, batchSize: 37, pollMs: 40, observe }));
  const consumer = () =>
    startConsumer({
      name: 'journal',
      sources: ['test'],
      subscriptions: [journalOf('journal')],
      transaction: pgTransactor(db.pool),
      transport: new RedisTransport({ redis, prefix, partitions: 4 }),
      leaseTtlMs: 300,
      batchSize: 10,
    });
  let running = [consumer(), consumer()];
  let isWriting = true;
  const chaos = (async () => {
    while (isWriting) {
      await sleep(random() * 250);
      const kind = Math.floor(random() * 3);
      if (kind === 0) await db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relay'`);
      if (kind === 1) {
        await running[0]?.stop();
        running = [...running.slice(1), consumer()];
      }
      if (kind === 2) {
        const keys = await redis.keys(`${prefix}:*`);
        if (keys.length > 0) await redis.del(...keys);
      }
    }
  })();

  const written = await writeHostile(db.pool, random);
  isWriting = false;
  await chaos;
  await until('every event has taken effect', async () => (await countJournal(db.pool, 'journal')) >= written);
  await Promise.all([...running, ...relays].map((each) => each.stop()));

  expect(await journal(db.pool, 'journal')).toEqual({ count: written, disorder: [] });
  const { rows } = await db.pool.query('SELECT count(*)::int AS n, max(position)::int AS last FROM event');
  expect(rows).toEqual([{ n: written, last: written }]);
  expect(signals).toContain('rewound');
  await redis.quit();
});
