import type { Logger } from '@app/observability';
import { connectWorkflows, describeEvent, type Observe, type WorkflowClient } from '@app/workflow';
import { workflows } from './registry.ts';

/** Workflow events as log lines. */
export function logWorkflows(logger: Logger): Observe {
  return (event) => {
    const { level, message, about } = describeEvent(event);
    logger[level](about, message);
  };
}

/** What starts and signals runs; it executes none. */
export function connectRuns(url: string, logger: Logger): WorkflowClient {
  return connectWorkflows({ name: 'reviews', url, workflows, observe: logWorkflows(logger) });
}
