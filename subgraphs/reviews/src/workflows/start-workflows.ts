import type { Logger } from '@app/observability';
import { observeWith, startWorkflowWorker, type WorkerOptions, type WorkflowWorker } from '@app/workflow';
import type { ModerationDeps } from '../service/moderation-steps.ts';
import { workflows } from './registry.ts';

/** Where runs are executed, with what; the rest is what tests and metrics change about it. */
interface Execution extends Partial<Pick<WorkerOptions<ModerationDeps>, 'workflows' | 'executor' | 'leaseMs' | 'observe'>> {
  readonly url: string;
  readonly deps: ModerationDeps;
  readonly logger: Logger;
}

/** Executes the runs of reviews until it is stopped. */
export function startWorkflows({ url, deps, logger, observe, ...changes }: Execution): Promise<WorkflowWorker> {
  return startWorkflowWorker({ name: 'reviews', url, workflows, deps, now: deps.now, ...changes, observe: observeWith(logger, observe) });
}
