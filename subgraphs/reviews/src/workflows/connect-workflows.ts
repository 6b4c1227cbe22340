import type { Logger } from '@app/observability';
import { connectWorkflows, observeWith, type WorkflowClient } from '@app/workflow';
import { workflows } from './registry.ts';

/** What starts and signals runs; it executes none. */
export function connectRuns(url: string, logger: Logger): WorkflowClient {
  return connectWorkflows({ name: 'reviews', url, workflows, observe: observeWith(logger) });
}
