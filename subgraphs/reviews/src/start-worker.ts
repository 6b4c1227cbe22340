import { bumpGeneration, connectRedis } from '@app/cache';
import { type ConsumerSignal, openTransport, startConsumer, startRelay } from '@app/events';
import { type Logger, Metrics, Readiness, startHealthServer } from '@app/observability';
import { workflowMetrics } from '@app/workflow';
import type { Config } from './config.ts';
import { consumersOf } from './consumers.ts';
import { openDatabase } from './data/client.ts';
import type { ModerationDeps } from './service/moderation-steps.ts';
import { startMissingRuns } from './service/start-missing-runs.ts';
import { connectRuns } from './workflows/connect-workflows.ts';
import { runsOf } from './workflows/runs.ts';
import { startWorkflows } from './workflows/start-workflows.ts';

/** Runs until it is stopped. */
export interface Worker {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the worker: the relay of reviews' own events, the consumers of others', and the runs of moderation. */
export async function startWorker(config: Config, logger: Logger): Promise<Worker> {
  const db = openDatabase(config.databaseUrl, { maxConnections: config.databasePoolSize, applicationName: 'reviews-worker' });
  const redis = connectRedis(config.redisUrl);
  const transport = openTransport({ ...config.transport, REDIS_URL: config.redisUrl });
  // What an event or a run changed is seen as soon as what a mutation changed. Without Redis there is nothing cached.
  const onWritten = () => bumpGeneration(redis, 'reviews').catch(() => undefined);
  const observe = (signal: { readonly kind: string; readonly error?: unknown }) => {
    const { kind, error } = signal;
    if (kind === 'failed' || kind === 'parked') logger.error({ kind, err: error }, 'event delivery');
    else logger.debug({ kind }, 'event delivery');
  };
  const observeConsumer = (signal: ConsumerSignal) => {
    observe(signal);
    if (signal.kind === 'handled') void onWritten();
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
  const now = () => new Date();
  const deps: ModerationDeps = { db, now, onWritten, remindAfterMs: config.moderationReminderMs, alarm: alarmOf(logger, metrics) };
  const executing = await startWorkflows({ url: config.databaseUrl, deps, logger, observe: workflowMetrics(metrics) });
  const missing = startsMissingRuns(config, deps, logger);
  const readiness = new Readiness();
  const health = await startHealthServer({ port: config.port, readiness, metrics });
  readiness.ready();
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    await Promise.all([...running, executing, missing].map((each) => each.stop()));
    await transport.close();
    await health.close();
    await db.$disconnect();
    redis.disconnect();
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  return { port: health.port, stop };
}

/** A review that nobody decides about is an error in the log and a number to alarm on; it goes on waiting. */
function alarmOf(logger: Logger, metrics: Metrics): ModerationDeps['alarm'] {
  const overdue = metrics.counter({ name: 'reviews_overdue_total', help: 'Times that a review waited too long for a moderator.' });
  return ({ reviewId, runId, since }) => {
    overdue.inc();
    logger.error({ reviewId, runId, since }, 'a review waits too long for a moderator');
  };
}

function startsMissingRuns(config: Config, { db, now }: ModerationDeps, logger: Logger): { stop(): Promise<void> } {
  const client = connectRuns(config.databaseUrl, logger);
  const ending = new AbortController();
  const working = startMissingRuns({ db, now, runs: runsOf(client) }, ending.signal)
    .catch((error: unknown) => logger.error({ err: error }, 'runs for older reviews could not be started'))
    .finally(() => client.close());
  return {
    stop() {
      ending.abort();
      return working;
    },
  };
}
