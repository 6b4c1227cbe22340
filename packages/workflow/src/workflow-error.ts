/** What can be wrong with a definition or with a command about a run. Closed list. */
export type WorkflowErrorCode =
  | 'WORKFLOW_DEFINITION_INVALID'
  | 'WORKFLOW_UNKNOWN'
  | 'RUN_UNKNOWN'
  | 'RUN_NOT_RESUMABLE'
  | 'RUN_NOT_CANCELLABLE'
  | 'RUN_NOT_COMPENSABLE'
  | 'SIGNAL_UNKNOWN';

/** A fault of a workflow's definition or of a command. `code` narrows; the message names the workflow, step or run. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';

  constructor(
    readonly code: WorkflowErrorCode,
    message: string,
  ) {
    super(message);
  }
}
