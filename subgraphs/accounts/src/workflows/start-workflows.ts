import type { Logger } from '@app/observability';
import { observeWith, startWorkflowWorker, type WorkflowWorker } from '@app/workflow';
import type { AccountsConfig } from '../config.ts';
import type { AccountsApp } from '../service/ports.ts';
import { workflows } from './registry.ts';

/** Executes the runs of accounts until it is stopped. */
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
  });
}
