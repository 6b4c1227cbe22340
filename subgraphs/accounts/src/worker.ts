import { CircuitBreakers } from '@app/circuit-breaker';
import { openTransport, startConsumer, startRelay } from '@app/events';
import { describeSignal, JobQueue, type JobSignal, startJobWorker } from '@app/jobs';
import { mailerOf, mailHandler } from '@app/mail';
import { buildParts } from './app.ts';
import { readConfig } from './config.ts';
import { consumersOf } from './consumers.ts';
import { runRounds } from './service/worker-round.ts';
import { startWorkflows } from './workflows/start-workflows.ts';

const config = readConfig();
const parts = await buildParts({ config });
const { logger } = parts;
const mailer = mailerOf(config, {
  breakers: new CircuitBreakers(),
  show: (mail) => logger.info({ mail }, `mail to ${mail.recipient}: ${mail.subject}`),
});
const place = { url: config.REDIS_URL ?? '', name: 'accounts' };
const hasQueue = config.REDIS_URL !== undefined && mailer !== null;
const queue = hasQueue ? new JobQueue({ ...place, onError: (error) => logger.debug({ err: error }, 'the queue is away') }) : null;
const jobs = hasQueue ? startJobWorker({ ...place, handlers: [mailHandler(parts.db, mailer)], observe }) : null;
const rounds = runRounds(parts.app, {
  mails: queue ?? mailer,
  intervalMs: config.WORKER_INTERVAL_SECONDS * 1000,
  onError: (error) => logger.error({ err: error }, 'a round of the worker failed'),
});
const transport = openTransport(config);
const relay =
  transport === null
    ? null
    : startRelay({
        connection: { connectionString: config.DATABASE_URL_ACCOUNTS },
        source: 'accounts',
        transport,
        observe: (signal) => {
          if (signal.kind === 'failed') logger.warn({ err: signal.error }, 'events could not be relayed');
        },
      });
const consumers =
  transport === null
    ? []
    : consumersOf(parts.app).map((consumer) =>
        startConsumer({
          ...consumer,
          transport,
          observe: (signal) => {
            if (signal.kind === 'parked')
              logger.error({ err: signal.error, event: signal.event.id }, 'an event could not be handled and waits');
            if (signal.kind === 'failed') logger.warn({ err: signal.error }, 'events could not be read');
          },
        }),
      );
const executing = startWorkflows(config, parts);

function observe(signal: JobSignal): void {
  const { level, message, about } = describeSignal(signal);
  logger[level](about, message);
}

let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= Promise.all([
    rounds.stop(),
    relay?.stop(),
    jobs?.stop(),
    ...consumers.map((consumer) => consumer.stop()),
    executing.then((worker) => worker.stop()),
  ])
    .then(() => Promise.all([transport?.close(), queue?.close()]))
    .then(() => parts.close())
    .then(() => process.exit(0));
  return stopping;
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => void stop());

// Told to end while it starts, it ends as well as later.
await executing;
logger.info('accounts worker is running');
