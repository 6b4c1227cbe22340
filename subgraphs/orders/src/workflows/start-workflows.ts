import { runWithRequest } from '@app/observability';
import { startWorkflowWorker, type WorkflowWorker } from '@app/workflow';
import type { OrdersConfig } from '../config.ts';
import type { Deps } from '../service/deps.ts';
import { logWorkflows } from './log-workflows.ts';
import { workflows } from './registry.ts';

/** Executes the runs of orders until it is stopped. Logs and events of a step carry the id of the request that started its run. */
export function startWorkflows(config: Pick<OrdersConfig, 'DATABASE_URL_ORDERS'>, deps: Deps): Promise<WorkflowWorker> {
  return startWorkflowWorker({
    name: 'orders',
    url: config.DATABASE_URL_ORDERS,
    workflows,
    deps,
    now: deps.now,
    observe: logWorkflows(deps.logger),
    around: (run, work) => runWithRequest({ requestId: run.correlationId ?? run.id }, work),
  });
}
