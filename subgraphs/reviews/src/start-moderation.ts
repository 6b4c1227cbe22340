import type { Logger, Metrics } from '@app/observability';
import { workflowMetrics } from '@app/workflow';
import type { Config } from './config.ts';
import type { Database } from './data/client.ts';
import type { ModerationDeps } from './service/moderation-steps.ts';
import { startMissingRuns } from './service/start-missing-runs.ts';
import { connectRuns } from './workflows/connect-workflows.ts';
import { runsOf } from './workflows/runs.ts';
import { startWorkflows } from './workflows/start-workflows.ts';

interface Surroundings {
  readonly config: Pick<Config, 'databaseUrl' | 'moderationReminderMs'>;
  readonly db: Database;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Executes the runs of moderation, and starts those that are missing, until it is stopped. */
export async function startModeration({ config, db, metrics, logger }: Surroundings): Promise<{ stop(): Promise<void> }> {
  const { databaseUrl: url, moderationReminderMs: remindAfterMs } = config;
  const now = () => new Date();
  const deps: ModerationDeps = { db, now, remindAfterMs, alarm: alarmOf(logger, metrics) };
  const executing = await startWorkflows({ url, deps, logger, observe: workflowMetrics(metrics) });
  const client = connectRuns(url, logger);
  const ending = new AbortController();
  const catchingUp = startMissingRuns({ db, now, runs: runsOf(client) }, ending.signal)
    .catch((error: unknown) => logger.error({ err: error }, 'runs for older reviews could not be started'))
    .finally(() => client.close());
  return {
    async stop() {
      ending.abort();
      await Promise.all([executing.stop(), catchingUp]);
    },
  };
}

/** A review that nobody decides about is an error in the log and a number to alarm on; it goes on waiting. */
function alarmOf(logger: Logger, metrics: Metrics): ModerationDeps['alarm'] {
  const overdue = metrics.counter({ name: 'reviews_overdue_total', help: 'Times that a review waited too long for a moderator.' });
  return ({ reviewId, runId, since }) => {
    overdue.inc();
    logger.error({ reviewId, runId, since }, 'a review waits too long for a moderator');
  };
}
