import { setTimeout as delay } from 'node:timers/promises';
import { type EventTransaction, on, openTransport, pgTransactor, publish, startConsumer } from '@app/events';
import pg from 'pg';
import { gatewayCore, PinnedProcess } from '../pinned-process.ts';
import { Measured, NOTE } from './event.ts';
import type { Services } from './services.ts';

/** From commit to handler, in milliseconds. */
export interface Latency {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const PER_SECOND = 50;

/** Publishes at a calm rate, and notes when the handler of each event begins. */
export async function measureLatency(services: Services, transport: 'redis' | 'nats', seconds: number): Promise<Latency> {
  await services.reset();
  const pool = new pg.Pool({ connectionString: services.databaseUrl });
  const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, natsUrl: NATS_URL } = services;
  const env = { DATABASE_URL, EVENT_TRANSPORT: transport, REDIS_URL, NATS_URL, SOURCE: 'latency' };
  await using _relay = PinnedProcess.start(gatewayCore, { args: ['--import=tsx', 'bench/events/relay-process.ts'], env });
  const log = openTransport({ EVENT_TRANSPORT: transport, REDIS_URL, NATS_URL });
  const handledAt = new Map<string, number>();
  const note = on(Measured, async ({ id }, _tx: EventTransaction) => void handledAt.set(id, performance.now()));
  const transaction = pgTransactor(pool);
  const consumer = startConsumer({ name: `bench.${transport}`, sources: ['latency'], subscriptions: [note], transaction, transport: log });
  const send = async (n: number) => {
    const { id } = await transaction((tx) => publish(tx, Measured.create(`s${n}`, { n, note: NOTE })));
    return { id, committedAt: performance.now() };
  };
  await warmUp(send, handledAt);
  const sent: { readonly id: string; readonly committedAt: number }[] = [];
  for (let n = 0; n < seconds * PER_SECOND; n += 1) {
    sent.push(await send(1_000 + n));
    await delay(1_000 / PER_SECOND);
  }
  while (sent.some(({ id }) => !handledAt.has(id))) await delay(20);
  await consumer.stop();
  await log.close();
  await pool.end();
  const waits = sent.map(({ id, committedAt }) => Math.max(0, (handledAt.get(id) ?? 0) - committedAt)).sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  return { events: waits.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Until relay, leases and connections are there. */
async function warmUp(send: (n: number) => Promise<{ readonly id: string }>, handledAt: ReadonlyMap<string, number>): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    const { id } = await send(n);
    while (!handledAt.has(id)) await delay(10);
  }
}
