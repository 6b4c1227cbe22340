import { setTimeout as delay } from 'node:timers/promises';
import { pgTransactor, publishBatch } from '@app/events';
import pg from 'pg';
import { gatewayCore, PinnedProcess } from '../pinned-process.ts';
import { Measured, NOTE } from './event.ts';
import type { Services } from './services.ts';

/** How fast one relay on one core empties an outbox. */
export interface Throughput {
  readonly events: number;
  readonly perSecond: number;
  /** Seconds of the relay's CPU per 1,000 events. */
  readonly cost: number;
}

const STREAMS = 500;
const PER_TRANSACTION = 50;

/** Fills the outbox, starts the relay and waits until all of it has been pushed. */
export async function measureThroughput(services: Services, transport: 'redis' | 'nats', events: number): Promise<Throughput> {
  await services.reset();
  const pool = new pg.Pool({ connectionString: services.databaseUrl });
  await using _pool = { [Symbol.asyncDispose]: () => pool.end() };
  await fill(pool, events);
  const env = {
    DATABASE_URL: services.databaseUrl,
    EVENT_TRANSPORT: transport,
    REDIS_URL: services.redisUrl,
    NATS_URL: services.natsUrl,
    SOURCE: 'throughput',
  };
  await using relay = PinnedProcess.start(gatewayCore, { args: ['--import=tsx', 'bench/events/relay-process.ts'], env });
  // The start of the process is not what is measured: the clock runs from the first push.
  const first = await until(pool, (pushed) => pushed > 0, relay);
  const [startedAt, cpuBefore] = [performance.now(), relay.cpuSeconds()];
  await until(pool, (pushed) => pushed >= events, relay);
  const seconds = (performance.now() - startedAt) / 1_000;
  const rest = events - first;
  return { events, perSecond: rest / seconds, cost: ((relay.cpuSeconds() - cpuBefore) / rest) * 1_000 };
}

async function fill(pool: pg.Pool, events: number): Promise<void> {
  const transaction = pgTransactor(pool);
  for (let n = 0; n < events; n += PER_TRANSACTION) {
    const drafts = Array.from({ length: Math.min(PER_TRANSACTION, events - n) }, (_, index) =>
      Measured.create(`s${(n + index) % STREAMS}`, { n: n + index, note: NOTE }),
    );
    await transaction((tx) => publishBatch(tx, drafts));
  }
}

async function until(pool: pg.Pool, isThere: (pushed: number) => boolean, relay: PinnedProcess): Promise<number> {
  for (;;) {
    const { rows } = await pool.query<{ position: number }>('SELECT coalesce(max(position), 0)::int AS position FROM event_relay');
    const pushed = rows[0]?.position ?? 0;
    if (isThere(pushed)) return pushed;
    if (relay.hasEnded) throw new Error('the relay ended');
    await delay(10);
  }
}
