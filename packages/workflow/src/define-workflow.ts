import type { Refusal, RetryPolicy, Step, StepContext } from './step.ts';
import { WorkflowError } from './workflow-error.ts';

/** A workflow as it is declared. */
export interface WorkflowSpec<Deps, Input, R extends Refusal = Refusal> {
  /** `kebab-case`; runs are stored under it. */
  readonly name: string;
  /** Counts up with every change of the steps. Runs stay with the version that they began with. */
  readonly version: number;
  readonly steps: readonly Step<Deps, Input, R>[];
  /**
   * The last step that can be refused: after it there is no way back, only forward. It may refuse, but is neither given up nor turned around
   * from outside: an answer that was lost may have been a yes. Default: none, so that everything can be undone. Null: nothing can be refused,
   * from the first step on.
   */
  readonly pivot?: string | null;
  /**
   * For how long a step before the pivot is tried in vain, in milliseconds from the first of its failures in a row, and the refusal that the run
   * then ends with. Time spent waiting does not count. Without: as long as it takes, because a step whose outcome is unknown may have happened.
   */
  readonly patience?: { readonly ms: number; readonly refusal: R };
  /** Fields of the input that are removed when the run ends, such as a means of payment. */
  readonly forget?: readonly (keyof Input & string)[];
  /** Leaves things as they should be after everything was compensated. Idempotent; retried until it works. */
  onRefused?(context: StepContext<Deps, Input>, refusal: R): Promise<void>;
}

/** A workflow that was found well-formed. */
export interface Workflow<Deps, Input, R extends Refusal = Refusal> extends Omit<WorkflowSpec<Deps, Input, R>, 'forget'> {
  readonly forget: readonly string[];
  /** `name@version`: what a run is pinned to. */
  readonly key: string;
  /** How many steps can be refused and undone. */
  readonly undoable: number;
}

/** Any workflow with these dependencies, whatever its input: what a worker is given. */
export type AnyWorkflow<Deps> = Workflow<Deps, unknown>;

const namePattern = /^[a-z][a-z0-9-]{0,59}$/;
const rules = 'lower case letters, digits and hyphens, a letter first, at most 60';

/**
 * Declares a workflow: its steps in order, each with its retry, its timeout and its compensation.
 * @throws {WorkflowError} WORKFLOW_DEFINITION_INVALID naming the workflow, the step and what is wrong.
 */
export function defineWorkflow<Deps, Input, R extends Refusal = Refusal>(spec: WorkflowSpec<Deps, Input, R>): Workflow<Deps, Input, R> {
  const fail = (what: string): never => {
    throw new WorkflowError('WORKFLOW_DEFINITION_INVALID', `workflow ${JSON.stringify(spec.name)}: ${what}`);
  };
  if (!namePattern.test(spec.name)) fail(`its name must be ${rules}`);
  if (!Number.isSafeInteger(spec.version) || spec.version < 1) fail(`version must be a whole number from 1, it is ${spec.version}`);
  if (spec.steps.length === 0) fail('it has no steps');
  for (const [n, step] of spec.steps.entries()) checkStep(step, n, spec.steps, fail);
  const undoable = undoableSteps(spec, fail);
  for (const step of spec.steps.slice(undoable)) {
    if (step.compensate) fail(`the compensation of step "${step.name}" would never run: it stands after the pivot`);
  }
  if (spec.patience && !(spec.patience.ms > 0)) fail(`patience.ms must be positive, it is ${spec.patience.ms}`);
  return { ...spec, forget: spec.forget ?? [], key: `${spec.name}@${spec.version}`, undoable };
}

function checkStep<Deps, Input, R extends Refusal>(
  step: Step<Deps, Input, R>,
  n: number,
  steps: readonly Step<Deps, Input, R>[],
  fail: (what: string) => never,
): void {
  if (!namePattern.test(step.name)) fail(`step ${n + 1}: its name must be ${rules}, it is ${JSON.stringify(step.name)}`);
  if (steps.findIndex(({ name }) => name === step.name) < n) fail(`there are two steps with the name "${step.name}"`);
  if (typeof step.run !== 'function')
    fail(step.compensate ? `the compensation "${step.name}" has no step that it undoes: add run` : `step "${step.name}" has no run`);
  if (step.timeoutMs !== undefined && !(step.timeoutMs > 0))
    fail(`step "${step.name}": timeoutMs must be positive, it is ${step.timeoutMs}`);
  for (const [option, value] of Object.entries<RetryPolicy[keyof RetryPolicy]>({ ...step.retry })) {
    if (value !== undefined && !(value >= 1)) fail(`step "${step.name}": retry.${option} must be at least 1, it is ${value}`);
  }
}

function undoableSteps<Deps, Input, R extends Refusal>(
  { pivot, steps }: WorkflowSpec<Deps, Input, R>,
  fail: (what: string) => never,
): number {
  if (pivot === null) return 0;
  if (pivot === undefined) return steps.length;
  const at = steps.findIndex(({ name }) => name === pivot);
  return at < 0 ? fail(`its pivot "${pivot}" is none of its steps`) : at + 1;
}
