import type { AnyWorkflow } from '../define-workflow.ts';
import type { StepContext } from '../step.ts';

/** Told every place of an execution where a process can die; does not return when it dies there. */
export type Pass<Deps> = (place: string, context: StepContext<Deps, unknown>) => Promise<void>;

/**
 * A workflow whose executions pass a place before and after each piece of work (after: it is committed, and not yet recorded):
 * `NAME STEP before`, `NAME STEP after`, with `undo STEP` for compensations and `refused` for what follows a refusal.
 */
export function mortal<Deps>(workflow: AnyWorkflow<Deps>, pass: Pass<Deps>): AnyWorkflow<Deps> {
  const passing = <Result>(what: string, work: (context: StepContext<Deps, unknown>) => Promise<Result>) => {
    return async (context: StepContext<Deps, unknown>): Promise<Result> => {
      await pass(`${workflow.name} ${what} before`, context);
      const result = await work(context);
      await pass(`${workflow.name} ${what} after`, context);
      return result;
    };
  };
  const { onRefused } = workflow;
  return {
    ...workflow,
    steps: workflow.steps.map((step) => {
      const { compensate } = step;
      const run = passing(step.name, (context) => step.run(context));
      return compensate
        ? { ...step, run, compensate: passing(`undo ${step.name}`, (context) => compensate.call(step, context)) }
        : { ...step, run };
    }),
    ...(onRefused && {
      onRefused: (context, refusal) => passing('refused', (inner) => onRefused.call(workflow, inner, refusal))(context),
    }),
  };
}
