export { type ClientOptions, connectWorkflows, type RunDetails, type Start, type WorkflowClient } from './client.ts';
export { type AnyWorkflow, defineWorkflow, type Workflow, type WorkflowSpec } from './define-workflow.ts';
export { describeEvent, type EventDescription, type EventLog, observeWith } from './describe-event.ts';
export { readRun } from './read-run.ts';
export { hasEnded, isResting, type Run, type RunStatus, type RunStep, runStatuses } from './run.ts';
export type { RunFilter } from './run-table.ts';
export type { RawQueries, Transaction } from './sql.ts';
export {
  done,
  type Message,
  type Refusal,
  type RetryPolicy,
  refused,
  type Step,
  type StepContext,
  type StepResult,
  waitFor,
} from './step.ts';
export { startWorkflowWorker, type WorkerOptions, type WorkflowWorker } from './worker.ts';
export { WorkflowError, type WorkflowErrorCode } from './workflow-error.ts';
export type { Observe, WorkflowEvent } from './workflow-event.ts';
export { workflowMetrics } from './workflow-metrics.ts';
