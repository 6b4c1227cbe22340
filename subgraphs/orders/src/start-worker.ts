import { setTimeout as delay } from 'node:timers/promises';
import { type ConsumerSignal, openTransport, startConsumer, startRelay } from '@app/events';
import { createMetrics, Readiness, startHealthServer } from '@app/observability';
import { workflowMetrics } from '@app/workflow';
import { buildParts, type Parts } from './app.ts';
import type { OrdersConfig } from './config.ts';
import { consumersOf } from './consumers.ts';
import { expireCarts } from './service/expire-carts.ts';
import { forgetKeys } from './service/forget-keys.ts';
import { releaseDeadHolds } from './service/release-dead-holds.ts';
import { settleUnknown } from './service/settle-unknown.ts';
import { startJobs } from './start-jobs.ts';
import { startWorkflows } from './workflows/start-workflows.ts';

/** Something that runs until it is stopped. */
export interface Worker {
  stop(): Promise<void>;
}

const oldEveryMs = 600_000;
const unknownEveryMs = 15_000;

/**
 * Starts the worker: it executes runs (new ones, those of killed processes, and those whose time has come),
 * asks the payment provider for outcomes that nobody learned, closes old carts, forgets old keys, relays the events of orders, and runs its jobs.
 */
export async function startWorker(config: OrdersConfig): Promise<Worker> {
  const parts = buildParts({ config });
  const ending = new AbortController();
  const loops = [
    every(unknownEveryMs, () => settleUnknown(parts.deps), parts, ending.signal),
    every(unknownEveryMs, () => releaseDeadHolds(parts.deps), parts, ending.signal),
    every(oldEveryMs, () => expireCarts(parts.deps), parts, ending.signal),
    every(oldEveryMs, () => forgetKeys(parts.deps), parts, ending.signal),
  ];
  const transport = openTransport(config);
  const relay =
    transport &&
    startRelay({
      connection: { connectionString: config.DATABASE_URL_ORDERS, application_name: 'orders-relay' },
      source: 'orders',
      transport,
      observe: (signal) => {
        if (signal.kind === 'failed') parts.logger.warn({ err: signal.error }, 'events could not be relayed');
      },
    });
  const consumers = transport
    ? consumersOf(parts.deps).map((consumer) => startConsumer({ ...consumer, transport, observe: logOf(parts) }))
    : [];
  const metrics = createMetrics({ service: 'orders-worker' });
  const jobs = startJobs(config, parts, metrics);
  const executing = await startWorkflows(config, parts.deps, { observe: workflowMetrics(metrics) });
  const readiness = new Readiness({ database: async () => void (await parts.db.$queryRaw`SELECT 1`) });
  const health = await startHealthServer({ port: config.ORDERS_PORT, readiness, metrics });
  readiness.ready();
  parts.logger.info({ port: health.port }, 'the worker of orders is running');
  const stopAll = async () => {
    readiness.drain();
    ending.abort();
    await executing.stop();
    await Promise.all([...loops, relay?.stop(), jobs.stop(), ...consumers.map((consumer) => consumer.stop())]);
    await transport?.close();
    await health.close();
    await parts.close();
  };
  let stopping: Promise<void> | undefined;
  return {
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

function logOf({ logger }: Parts): (signal: ConsumerSignal) => void {
  return (signal) => {
    if (signal.kind === 'parked') logger.error({ err: signal.error, event: signal.event.id }, 'an event could not be handled and waits');
    if (signal.kind === 'failed') logger.warn({ err: signal.error }, 'events could not be read');
  };
}

async function every(intervalMs: number, work: () => Promise<unknown>, { logger }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await work().catch((error: unknown) => logger.error({ err: error }, 'a round of the worker failed'));
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
