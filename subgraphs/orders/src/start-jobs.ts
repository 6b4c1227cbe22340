import { setTimeout as delay } from 'node:timers/promises';
import { CircuitBreakers } from '@app/circuit-breaker';
import { describeSignal, JobQueue, recordJobs, recordQueue, startJobWorker } from '@app/jobs';
import { deleteSettledMails, mailerOf, mailHandler, offerMails } from '@app/mail';
import type { Metrics } from '@app/observability';
import type { Parts } from './app.ts';
import type { OrdersConfig } from './config.ts';
import { nightlySalesReport, salesReportHandler } from './sales-report.job.ts';

const offerEveryMs = 2_000;
const keepMailsMs = 24 * 60 * 60_000;

/** Starts the jobs of orders: its mails, and the nightly sales report. Nothing without Redis: mails and reports wait. */
export function startJobs(config: OrdersConfig, { deps, db, logger }: Parts, metrics: Metrics): { stop(): Promise<void> } {
  if (config.REDIS_URL === undefined) return { stop: () => Promise.resolve() };
  const place = { url: config.REDIS_URL, name: 'orders' };
  const mailer = mailerOf(config, {
    breakers: new CircuitBreakers(),
    show: (mail) => logger.info({ mail }, `mail to ${mail.recipient}: ${mail.subject}`),
  });
  const queue = new JobQueue({ ...place, onError: (error) => logger.debug({ err: error }, 'the queue is away') });
  recordQueue(metrics, queue);
  const count = recordJobs(metrics);
  const worker = startJobWorker({
    ...place,
    handlers: [salesReportHandler(deps, config.REPORT_MAIL_TO ?? null), ...(mailer ? [mailHandler(db, mailer)] : [])],
    schedules: [nightlySalesReport],
    observe: (signal) => {
      count(signal);
      const { level, message, about } = describeSignal(signal);
      logger[level](about, message);
    },
  });
  const ending = new AbortController();
  const offering = keepOffering(async () => {
    if (mailer) await offerMails(db, queue);
    await deleteSettledMails(db, new Date(deps.now().getTime() - keepMailsMs));
  });
  async function keepOffering(round: () => Promise<void>): Promise<void> {
    while (!ending.signal.aborted) {
      await round().catch((error: unknown) => logger.warn({ err: error }, 'mails could not be put into the queue'));
      await delay(offerEveryMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }
  return {
    async stop() {
      ending.abort();
      await Promise.all([worker.stop(), offering]);
      await queue.close();
    },
  };
}
