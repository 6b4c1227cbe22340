import { persist, type Task, type Workshop } from './attempts.ts';
import type { AnyWorkflow } from './define-workflow.ts';
import { endRun, findRun } from './run-table.ts';
import type { Message, Refusal, Step, StepContext, StepResult } from './step.ts';

/** What a durable engine does for a run: what once returned returns the same after a crash, without being done again. */
export interface Durable {
  once<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** The next thing sent to a topic; null when there is none until then. */
  receive(topic: string, until: Date): Promise<Sent | null>;
}

/** A signal as it is sent; a call to go on has no value. */
export type Sent = Message | { readonly wake: true };

/** Topic of runs that wait for a time only. */
export const timerTopic = 'timer';

/** Topic under which a signal is sent. */
export function signalTopic(signal: string): string {
  return `signal:${signal}`;
}

/** Names under which a run's books keep its compensations and its end. */
export const undoName = (step: string): string => `undo ${step}`;
export const refusedName = 'after refusal';

/**
 * Takes a run through its workflow: step after step, each once; a refusal undoes in reverse what was done or may have been done. Deterministic:
 * after a crash it runs again and finds in the books what it had done.
 */
export async function runSaga<Deps>(
  shop: Workshop<Deps>,
  durable: Durable,
  workflow: AnyWorkflow<Deps>,
  runId: string,
): Promise<'DONE' | 'REFUSED'> {
  const outputs: Record<string, unknown> = {};
  const begun: Step<Deps, unknown>[] = [];
  for (const [n, step] of workflow.steps.entries()) {
    begun.push(step);
    const task = {
      workflow,
      step,
      runId,
      outputs,
      isCompensation: false,
      mayRefuse: n < workflow.undoable,
      isPivot: step.name === workflow.pivot,
    };
    const result = await goThrough(shop, durable, step, task);
    if (result.kind === 'refused') {
      await undo(shop, durable, { workflow, runId, outputs, begun, refusal: result.refusal });
      return finish(shop, workflow, runId, 'REFUSED');
    }
    outputs[step.name] = result.output ?? null;
  }
  return finish(shop, workflow, runId, 'DONE');
}

type Settled = Exclude<StepResult, { readonly kind: 'wait' }>;

/** Runs a step until it is done or refused; in between it may wait as often as it likes. */
async function goThrough<Deps>(
  shop: Workshop<Deps>,
  durable: Durable,
  step: Step<Deps, unknown>,
  task: Omit<Task<Deps>, 'message' | 'isTimeUp' | 'work'>,
): Promise<Settled> {
  for (let heard: Pick<Task<Deps>, 'message' | 'isTimeUp'> = { message: null, isTimeUp: false }; ; ) {
    const now = { ...task, ...heard, work: (context: StepContext<Deps, unknown>) => step.run(context) };
    const result = await durable.once(step.name, () => persist(shop, now));
    if (result.kind !== 'wait') return result;
    const sent = await durable.receive(result.signal === undefined ? timerTopic : signalTopic(result.signal), result.until);
    heard = { message: sent === null || 'wake' in sent ? null : sent, isTimeUp: sent === null };
  }
}

interface Undoing<Deps> {
  readonly workflow: AnyWorkflow<Deps>;
  readonly runId: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly begun: readonly Step<Deps, unknown>[];
  readonly refusal: Refusal;
}

async function undo<Deps>(shop: Workshop<Deps>, durable: Durable, undoing: Undoing<Deps>): Promise<void> {
  const { workflow, runId, outputs, begun, refusal } = undoing;
  const task = { workflow, runId, outputs, message: null, isTimeUp: false, isCompensation: true, mayRefuse: false, isPivot: false };
  const backwards = async (name: string, step: Task<Deps>['step'], work: (context: StepContext<Deps, unknown>) => Promise<void>) => {
    const once = async (context: StepContext<Deps, unknown>): Promise<StepResult> => {
      await work(context);
      return { kind: 'done' };
    };
    await durable.once(name, () => persist(shop, { ...task, step, work: once }));
  };
  for (const step of [...begun].reverse()) {
    const { compensate } = step;
    if (compensate) await backwards(undoName(step.name), step, (context) => compensate.call(step, context));
  }
  const { onRefused } = workflow;
  if (onRefused) await backwards(refusedName, { name: refusedName }, (context) => onRefused.call(workflow, context, refusal));
}

async function finish<Deps>(
  { sql, observe }: Workshop<Deps>,
  workflow: AnyWorkflow<Deps>,
  runId: string,
  status: 'DONE' | 'REFUSED',
): Promise<'DONE' | 'REFUSED'> {
  if (await endRun(sql, runId, status, workflow.forget)) {
    const run = await findRun(sql, runId);
    const seconds = run?.endedAt ? (run.endedAt.getTime() - run.createdAt.getTime()) / 1000 : 0;
    observe({ kind: 'ended', runId, workflow: workflow.name, status, seconds, refusal: run?.refusal ?? null });
  }
  return status;
}
