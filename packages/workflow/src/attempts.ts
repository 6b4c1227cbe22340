import { runWithRequest } from '@app/observability';
import type { AnyWorkflow } from './define-workflow.ts';
import type { Pauses } from './pauses.ts';
import { alarmAfter, briefMs, delayAfter } from './retry.ts';
import type { Run } from './run.ts';
import { moveRun, readHold } from './run-table.ts';
import type { Slots } from './slots.ts';
import type { Sql } from './sql.ts';
import { type Message, type Refusal, refused, type Step, type StepContext, type StepResult } from './step.ts';
import type { Observe } from './workflow-event.ts';

/** What executing runs takes. */
export interface Workshop<Deps> {
  readonly deps: Deps;
  readonly sql: Sql;
  /** Id of this instance. */
  readonly executor: string;
  readonly now: () => Date;
  readonly observe: Observe;
  readonly slots: Slots;
  readonly pauses: Pauses;
  /** Aborted when the process is about to end. */
  readonly ending: AbortSignal;
}

/** A piece of work of a run: a step, a compensation, or what follows a refusal. */
export interface Task<Deps> {
  readonly workflow: AnyWorkflow<Deps>;
  readonly step: Pick<Step<Deps, unknown>, 'name' | 'retry' | 'timeoutMs'>;
  readonly runId: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly message: Message | null;
  readonly isTimeUp: boolean;
  readonly isCompensation: boolean;
  /** Whether it may be refused: not after the pivot and not while undoing. */
  readonly mayRefuse: boolean;
  /** The step behind which there is no way back: once it was begun it may have happened, so only its own word undoes the run. */
  readonly isPivot: boolean;
  work(context: StepContext<Deps, unknown>): Promise<StepResult>;
}

/** Thrown where an execution finds out that the run is not its own any more. DBOS refuses to record anything of it. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

/** How often a task has failed in a row, and since when. */
type Row = Pick<Run, 'failures' | 'failingSince'>;
type RowOfFailures = Row & { readonly failingSince: Date };

/**
 * Works on a task until something comes of it. Faults are answered with growing pauses; before the pivot the task is given up in the end, from
 * it on and while undoing it goes on, visibly.
 */
export async function persist<Deps>(shop: Workshop<Deps>, task: Task<Deps>): Promise<StepResult> {
  let { run, turnAround } = await take(shop, task);
  let row: Row = run.step === task.step.name ? run : { failures: 0, failingSince: null };
  for (;;) {
    if (turnAround && mayTurn(task, run)) return turn(shop, task, turnAround);
    try {
      const result = await attempt(shop, task, run);
      if (result.kind === 'refused') return turn(shop, task, result.refusal);
      await settle(shop, task, result, row);
      return result;
    } catch (error) {
      const longer = { failures: row.failures + 1, failingSince: row.failingSince ?? shop.now() };
      row = longer;
      const refusal = task.mayRefuse && !task.isPivot ? givenUp(shop, task, longer) : null;
      if (refusal) return turn(shop, task, refusal);
      await pause(shop, task, longer, error);
    }
    ({ run, turnAround } = await take(shop, task));
  }
}

/** A pivot that waits has said that it did not happen. */
function mayTurn<Deps>({ mayRefuse, isPivot }: Task<Deps>, { status }: Run): boolean {
  return mayRefuse && (!isPivot || status === 'WAITING');
}

/** Looks whether the run is still ours, and what has become of it since. */
async function take<Deps>(shop: Workshop<Deps>, task: Task<Deps>): Promise<{ run: Run; turnAround: Refusal | null }> {
  const hold = await readHold(shop.sql, task.runId, shop.executor);
  if (hold === null) throw new Error(`the run ${task.runId} is gone`);
  if (!hold.isOurs) throw new RunLost(`the run ${task.runId} is not ours any more`);
  const { run } = hold;
  if (run.status === 'WAITING' || run.status === 'RETRYING' || run.status === 'STUCK') {
    const { failures, failingSince } = run;
    await moveRun(shop, run.id, {
      status: 'RUNNING',
      failures,
      ...(failingSince !== null && { failingSince }),
      ...(run.step !== null && { step: run.step }),
      ...(run.lastError !== null && { lastError: run.lastError }),
    });
  }
  return hold;
}

/** Logs and events of a step carry the id of the request that started its run. */
async function attempt<Deps>(shop: Workshop<Deps>, task: Task<Deps>, run: Run): Promise<StepResult> {
  const { workflow, step, isCompensation } = task;
  return shop.slots.run(async () => {
    const began = performance.now();
    const tell = (outcome: StepResult['kind'] | 'failed') =>
      shop.observe({
        kind: 'attempted',
        runId: run.id,
        workflow: workflow.name,
        step: step.name,
        isCompensation,
        outcome,
        seconds: (performance.now() - began) / 1000,
      });
    try {
      const result = await runWithRequest({ requestId: run.correlationId ?? run.id }, () => withinTime(shop, task, run));
      if (result.kind === 'refused' && !task.mayRefuse) {
        throw new Error(`step "${step.name}" of ${workflow.key} was refused although it stands after the pivot: ${result.refusal.reason}`);
      }
      tell(result.kind);
      return result;
    } catch (error) {
      tell('failed');
      throw error;
    }
  });
}

async function withinTime<Deps>({ deps, ending }: Workshop<Deps>, task: Task<Deps>, run: Run): Promise<StepResult> {
  const { id: runId, subject, input } = run;
  const { timeoutMs } = task.step;
  const { outputs, message, isTimeUp } = task;
  const late = new AbortController();
  const context = { deps, runId, subject, input, outputs, message, isTimeUp, signal: AbortSignal.any([ending, late.signal]) };
  if (timeoutMs === undefined) return task.work(context);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`step "${task.step.name}" took longer than ${timeoutMs} ms`);
      late.abort(error);
      reject(error);
    }, timeoutMs);
  });
  return Promise.race([task.work(context), timeout]).finally(() => clearTimeout(timer));
}

/** From here on the run is undone. */
async function turn<Deps>(shop: Workshop<Deps>, task: Task<Deps>, refusal: Refusal): Promise<StepResult> {
  await moveRun(shop, task.runId, { status: 'COMPENSATING', refusal });
  return refused(refusal);
}

/** Writes down that a step waits, or that one which failed before works again. */
async function settle<Deps>(shop: Workshop<Deps>, task: Task<Deps>, result: StepResult, { failures }: Row): Promise<void> {
  const { name: step } = task.step;
  if (result.kind === 'wait') {
    const { until, signal } = result;
    await moveRun(shop, task.runId, { status: 'WAITING', step, until, ...(signal !== undefined && { waitingFor: signal }) });
  } else if (failures > 0) {
    await moveRun(shop, task.runId, { status: task.isCompensation ? 'COMPENSATING' : 'RUNNING' });
  }
}

function givenUp<Deps>({ now }: Workshop<Deps>, { workflow, step }: Task<Deps>, { failures, failingSince }: RowOfFailures): Refusal | null {
  const { patience } = workflow;
  if (patience && now().getTime() - failingSince.getTime() > patience.ms) return patience.refusal;
  if (step.retry?.maxAttempts === undefined || failures < step.retry.maxAttempts) return null;
  return { reason: 'GAVE_UP', message: `The step "${step.name}" failed ${failures} times.` };
}

async function pause<Deps>(shop: Workshop<Deps>, task: Task<Deps>, row: RowOfFailures, error: unknown): Promise<void> {
  const { failures } = row;
  const { workflow, step, runId, isCompensation } = task;
  const name = { runId, workflow: workflow.name, step: step.name };
  shop.observe({ kind: 'failed', ...name, failures, error });
  const alarmAt = step.retry?.maxAttempts ?? alarmAfter;
  const isAlarming = failures >= alarmAt;
  const status = isCompensation ? (isAlarming ? 'COMPENSATION_FAILED' : 'COMPENSATING') : isAlarming ? 'STUCK' : 'RETRYING';
  if (failures === alarmAt) shop.observe({ kind: 'alarm', ...name, status: isCompensation ? 'COMPENSATION_FAILED' : 'STUCK', error });
  const delayMs = delayAfter(failures, step.retry);
  const isBrief = delayMs < briefMs && !isAlarming;
  // Registered before anybody can know of the pause, so that no call to go on is missed.
  const over = shop.pauses.pause(runId, delayMs);
  if (!isBrief) {
    const lastError = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    await moveRun(shop, runId, { status, step: step.name, ...row, lastError, until: new Date(Date.now() + delayMs) });
  }
  await over;
}
