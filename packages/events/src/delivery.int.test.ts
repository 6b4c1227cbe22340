import { setTimeout as sleep } from 'node:timers/promises';
import { testNats, testRedisServer } from '@app/testing';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { Counted, journalOf } from '../test/counted.ts';
import { type EventDatabase, openEventDatabase } from '../test/event-database.ts';
import { seededRandom } from '../test/random.ts';
import { until } from '../test/until.ts';
import { startConsumer } from './consumer.ts';
import { publish } from './publish.ts';
import { startRelay } from './relay.ts';
import { pgTransactor } from './transaction.ts';
import { connectStreams } from './transport/connect-streams.ts';
import { NatsTransport } from './transport/nats-transport.ts';
import { RedisTransport } from './transport/redis-transport.ts';
import type { EventTransport } from './transport/transport.ts';

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

/** A log that can be lost, and clients of it. */
interface Broker extends AsyncDisposable {
  transport(): EventTransport;
  /** Loses everything at once. */
  flush(): Promise<void>;
  /** Is away for a moment. */
  restart(): Promise<void>;
}

async function redisBroker(): Promise<Broker> {
  const server = await testRedisServer();
  const redis = connectStreams(server.url);
  return {
    transport: () => new RedisTransport({ redis, partitions: 4 }),
    flush: async () => void (await redis.flushall()),
    restart: () => server.restart(),
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function natsBroker(): Promise<Broker> {
  const server = await testNats();
  const open: EventTransport[] = [];
  return {
    transport: () => {
      const transport = new NatsTransport({ url: server.url, partitions: 4 });
      open.push(transport);
      return transport;
    },
    // By losing its folder: a server of the 2.9 series that is told to delete a stream while somebody makes it anew may keep neither.
    flush: () => server.restart({ isEmpty: true }),
    restart: () => server.restart(),
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((transport) => transport.close()));
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Writes while relays and readers are killed and the broker is emptied and restarted, and waits until all has taken effect. */
async function hostileRound(broker: Broker, db: EventDatabase, random: () => number) {
  const connection = { connectionString: db.url, application_name: 'relay' };
  const signals: string[] = [];
  const observe = ({ kind }: { kind: string }) => void signals.push(kind);
  const relayTransport = broker.transport();
  const relays = [1, 2].map(() =>
    startRelay({ connection, source: 'test', transport: relayTransport, batchSize: 37, pollMs: 40, observe }),
  );
  const startReader = () => {
    const transport = broker.transport();
    const reader = startConsumer({
      name: 'journal',
      sources: ['test'],
      subscriptions: [journalOf('journal')],
      transaction: pgTransactor(db.pool),
      transport,
      leaseTtlMs: 300,
      batchSize: 10,
    });
    // One that is killed gives nothing back: its partitions wait for their leases to run out.
    const kill = () => {
      transport.release = () => Promise.resolve();
      return reader.stop();
    };
    return { ...reader, kill };
  };
  let readers = [startReader(), startReader()];
  const hurt = [
    () =>
      db.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'relay'`,
      ),
    async () => {
      await readers[0]?.kill();
      readers = [...readers.slice(1), startReader()];
    },
    async () => {
      await until('there is something to lose', async () => (await countJournal(db.pool, 'journal')) > 0);
      await broker.flush();
    },
    () => broker.restart(),
  ];
  let isWriting = true;
  const chaos = (async () => {
    // Each at least once, the rest by chance.
    for (let n = 0; n < hurt.length || isWriting; n += 1) {
      await sleep(random() * 250);
      await hurt[n < hurt.length ? n : Math.floor(random() * hurt.length)]?.();
    }
  })();
  const write = () => writeHostile(db.pool, random).finally(() => (isWriting = false));
  try {
    const [written] = await Promise.all([write(), chaos]);
    await until('every event has taken effect', async () => (await countJournal(db.pool, 'journal')) >= written);
    return { written, signals };
  } finally {
    await Promise.all([...readers, ...relays].map((each) => each.stop()));
  }
}

/** What is in the database when everything has come to rest. */
async function readOutcome(pool: pg.Pool) {
  const { rows } = await pool.query<{ n: number; last: number }>('SELECT count(*)::int AS n, max(position)::int AS last FROM event');
  return { log: rows[0], effects: await journal(pool, 'journal') };
}

const rounds = Number(process.env['ROUNDS'] ?? 1);

describe.each([
  ['Redis', redisBroker],
  ['NATS', natsBroker],
])('over %s', (name, open) => {
  test.each(Array.from({ length: rounds }, (_, n) => n))(
    '16 hostile writers lose nothing, double nothing and disorder nothing while relay, readers and broker die (round %i)',
    async (round) => {
      const seed = process.env['SEED'];
      const random = seededRandom(`hostile writers over ${name}`, seed === undefined ? undefined : Number(seed) + round);
      await using broker = await open();
      await using db = await openEventDatabase();
      const { written, signals } = await hostileRound(broker, db, random);
      const { log, effects } = await readOutcome(db.pool);
      expect(effects).toEqual({ count: written, disorder: [] });
      expect(log).toEqual({ n: written, last: written });
      expect(signals).toContain('rewound');
    },
  );
});
