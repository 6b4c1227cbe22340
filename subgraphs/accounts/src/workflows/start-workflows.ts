import { type Logger, runWithRequest } from '@app/observability';
import { observeWith, startWorkflowWorker, type WorkflowWorker } from '@app/workflow';
import type { AccountsConfig } from '../config.ts';
import type { AccountsApp } from '../service/ports.ts';
import { workflows } from './registry.ts';

/** Executes the runs of accounts until it is stopped. Logs and events of a step carry the id of the request that started its run. */
export function startWorkflows(
  config: Pick<AccountsConfig, 'DATABASE_URL_ACCOUNTS'>,
  { app, logger }: { readonly app: AccountsApp; readonly logger: Logger },
): Promise<WorkflowWorker> {
  return startWorkflowWorker({
    name: 'accounts',
    url: config.DATABASE_URL_ACCOUNTS,
    workflows,
    deps: app,
    now: app.now,
    observe: observeWith(logger),
    around: (run, work) => runWithRequest({ requestId: run.correlationId ?? run.id }, work),
  });
}
