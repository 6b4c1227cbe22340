import { observeWith, startWorkflowWorker, type WorkerOptions, type WorkflowWorker } from '@app/workflow';
import type { OrdersConfig } from '../config.ts';
import type { Deps } from '../service/deps.ts';
import { workflows } from './registry.ts';

/** What tests and metrics change about the execution. */
type Changes = Partial<Pick<WorkerOptions<Deps>, 'workflows' | 'executor' | 'leaseMs' | 'observe'>>;

/** Executes the runs of orders until it is stopped. */
export function startWorkflows(
  config: Pick<OrdersConfig, 'DATABASE_URL_ORDERS'>,
  deps: Deps,
  { observe, ...changes }: Changes = {},
): Promise<WorkflowWorker> {
  return startWorkflowWorker({
    name: 'orders',
    url: config.DATABASE_URL_ORDERS,
    workflows,
    deps,
    now: deps.now,
    ...changes,
    observe: observeWith(deps.logger, observe),
  });
}
