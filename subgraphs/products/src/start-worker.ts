import { type ConsumerSignal, openTransport, startConsumer, startRelay } from '@app/events';
import { buildParts } from './app.ts';
import type { ProductsConfig } from './config.ts';
import { announce, consumersOf } from './consumers.ts';
import { auditStock, housekeep, runRounds } from './service/housekeeping.ts';

/** Between two comparisons of all stock counters with their reservations. */
const auditIntervalMs = 3_600_000;

/** Something that runs until it is stopped. */
export interface Worker {
  stop(): Promise<void>;
}

/** Starts the worker: rounds of housekeeping always; with Redis the relay of products' own events and the consumers of others'. */
export function startWorker(config: ProductsConfig): Worker {
  const parts = buildParts({ config });
  const { app, db, logger } = parts;
  const onError = (error: unknown) => logger.error({ err: error }, 'a round of the worker failed');
  const audit = async () => {
    const shelves = await auditStock(app);
    if (shelves.length > 0)
      logger.error({ count: shelves.length, shelves: shelves.slice(0, 20) }, 'stock counters disagree with reservations');
  };
  const rounds = [
    runRounds(() => housekeep(app), { intervalMs: config.WORKER_INTERVAL_SECONDS * 1000, onError }),
    runRounds(audit, { intervalMs: auditIntervalMs, onError }),
  ];
  const transport = openTransport(config);
  const observe = ({ kind, error }: { readonly kind: string; readonly error?: unknown }) => {
    if (kind === 'failed' || kind === 'parked') logger.error({ kind, err: error }, 'event delivery');
    else logger.debug({ kind }, 'event delivery');
  };
  const observeConsumer = (signal: ConsumerSignal) => {
    observe(signal);
    void announce(app, signal);
  };
  const connection = { connectionString: config.DATABASE_URL_PRODUCTS, application_name: 'products-relay' };
  const running = transport
    ? [
        startRelay({ connection, source: 'products', transport, observe }),
        ...consumersOf(db).map((consumer) => startConsumer({ ...consumer, transport, observe: observeConsumer })),
      ]
    : [];
  logger.info('the worker of products is running');
  const stopAll = async () => {
    await Promise.all([...rounds, ...running].map((each) => each.stop()));
    await transport?.close();
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
