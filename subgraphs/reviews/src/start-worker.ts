import { AnnouncedWrites, connectRedis } from '@app/cache';
import { type ConsumerSignal, openTransport, startConsumer, startRelay } from '@app/events';
import { type Logger, Metrics, Readiness, startHealthServer } from '@app/observability';
import type { Config } from './config.ts';
import { consumersOf, tagsOfEvent } from './consumers.ts';
import { openDatabase } from './data/client.ts';
import { startModeration } from './start-moderation.ts';

/** Runs until it is stopped. */
export interface Worker {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the worker: the relay of reviews' own events, the consumers of others', and the runs of moderation. */
export async function startWorker(config: Config, logger: Logger): Promise<Worker> {
  const db = openDatabase(config.databaseUrl, { maxConnections: config.databasePoolSize, applicationName: 'reviews-worker' });
  const redis = connectRedis(config.redisUrl, (error) => logger.warn({ err: error }, 'redis is away'));
  const onError = (error: unknown) => logger.warn({ err: error }, 'caches could not be told of a write yet');
  const writes = new AnnouncedWrites({ redis, subgraph: 'reviews', onError });
  const transport = openTransport({ ...config.transport, REDIS_URL: config.redisUrl });
  const observe = (signal: { readonly kind: string; readonly error?: unknown }) => {
    const { kind, error } = signal;
    if (kind === 'failed' || kind === 'parked') logger.error({ kind, err: error }, 'event delivery');
    else logger.debug({ kind }, 'event delivery');
  };
  const observeConsumer = (signal: ConsumerSignal) => {
    observe(signal);
    // What an event changed is seen as soon as what a mutation changed.
    if (signal.kind === 'handled') void writes.tell({ tags: tagsOfEvent(signal.event) });
  };
  const running = [
    startRelay({
      connection: { connectionString: config.databaseUrl, application_name: 'reviews-relay' },
      source: 'reviews',
      transport,
      observe,
    }),
    ...consumersOf(db).map((consumer) => startConsumer({ ...consumer, transport, observe: observeConsumer })),
  ];
  const metrics = new Metrics({ service: 'reviews-worker' });
  const moderating = await startModeration({ config, db, metrics, logger });
  const readiness = new Readiness();
  const health = await startHealthServer({ port: config.port, readiness, metrics });
  readiness.ready();
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    await Promise.all([...running, moderating].map((each) => each.stop()));
    await transport.close();
    await health.close();
    await db.$disconnect();
    writes.close();
    redis.disconnect();
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  return { port: health.port, stop };
}
