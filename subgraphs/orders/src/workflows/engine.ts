import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@app/errors';
import { readJson, toJson } from '../data/json.ts';
import { findRun, moveLease, type RunRow } from '../data/run-rows.ts';
import type { Deps } from '../service/deps.ts';
import type { Refusal, RunContext, RunInput, Step, StepResult, Workflow } from './workflow.ts';

/** How long a process keeps a run without a sign of life. */
export const leaseMs = 30_000;
const inlineTries = 2;

/** How a pass over a run ended. `taken`: somebody else works on it. */
export type PassOutcome = 'finished' | 'refused' | 'waiting' | 'interrupted' | 'taken';

/**
 * Works on a run until it is finished, refused, has to wait, or the surroundings fail. What a step is about to do is
 * written before it does it; a process that dies leaves the run to whoever finds its lease expired.
 */
export async function advance(deps: Deps, workflow: Workflow, runId: string, heldLease?: Date): Promise<PassOutcome> {
  const run = await findRun(deps.db, runId);
  if (run === null || run.status === 'DONE' || run.status === 'FAILED') return 'finished';
  const pass = new Pass(deps, workflow, run, heldLease ?? run.leasedTo);
  if (heldLease === undefined && !(await pass.renew())) return 'taken';
  try {
    return await pass.work();
  } catch (error) {
    if (error instanceof LeaseLost) return 'taken';
    return pass.interrupt(error);
  }
}

class LeaseLost extends Error {}

class Pass {
  private readonly context: RunContext;
  private readonly steps: Map<string, string>;
  private failure: Refusal | null;

  constructor(
    private readonly deps: Deps,
    private readonly workflow: Workflow,
    private readonly run: RunRow,
    private lease: Date,
  ) {
    this.context = { deps, runId: run.id, orderId: run.orderId, input: readJson<RunInput>(run.input) ?? {} };
    this.steps = new Map(run.steps.map((step) => [step.name, step.status]));
    this.failure = readJson<Refusal>(run.failure);
  }

  /** Extends the lease; false when somebody else has it. */
  async renew(): Promise<boolean> {
    const to = new Date(Math.max(this.deps.now().getTime() + leaseMs, this.lease.getTime() + 1));
    const isOurs = await moveLease(this.deps.db, this.run.id, { from: this.lease, to });
    if (isOurs) this.lease = to;
    return isOurs;
  }

  async work(): Promise<PassOutcome> {
    for (const [n, step] of this.workflow.steps.entries()) {
      if (this.failure !== null) break;
      if (this.steps.get(step.name) === 'DONE') continue;
      await this.mark(step, n, 'INTENDED');
      const result = await this.try(step);
      if (result.kind === 'wait') return this.wait(result.until);
      if (result.kind === 'done') await this.mark(step, n, 'DONE');
      else await this.refuse(step, n, result.refusal);
    }
    if (this.failure !== null) return this.undo(this.failure);
    await this.end('DONE');
    return 'finished';
  }

  /** A fault that may be over in a moment is not worth waking the worker for. */
  private async try(step: Step): Promise<StepResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await step.run(this.context);
      } catch (error) {
        if (attempt >= inlineTries || !(error instanceof AppError) || !error.retryable) throw error;
        await sleep(100);
      }
    }
  }

  private async mark(step: Step, n: number, status: 'INTENDED' | 'DONE' | 'REFUSED' | 'COMPENSATED'): Promise<void> {
    if (!(await this.renew())) throw new LeaseLost();
    const where = { runId_name: { runId: this.run.id, name: step.name } };
    await this.deps.db.runStep.upsert({
      where,
      update: { status, at: this.deps.now() },
      create: { runId: this.run.id, name: step.name, n, status },
    });
    this.steps.set(step.name, status);
  }

  private async refuse(step: Step, n: number, refusal: Refusal): Promise<void> {
    await this.mark(step, n, 'REFUSED');
    await this.deps.db.run.update({ where: { id: this.run.id }, data: { failure: toJson(refusal) } });
    this.failure = refusal;
  }

  /** Undoes in reverse what was done or may have been done, then leaves things as they should be. */
  private async undo(refusal: Refusal): Promise<PassOutcome> {
    for (const [n, step] of [...this.workflow.steps.entries()].reverse()) {
      const status = this.steps.get(step.name);
      if (status === undefined || status === 'COMPENSATED') continue;
      await step.compensate?.(this.context);
      await this.mark(step, n, 'COMPENSATED');
    }
    await this.workflow.onRefused(this.context, refusal);
    await this.end('FAILED');
    return 'refused';
  }

  private async wait(until: Date): Promise<PassOutcome> {
    const to = new Date(Math.max(until.getTime(), this.lease.getTime() - leaseMs + 1));
    await this.deps.db.run.updateMany({ where: { id: this.run.id, leasedTo: this.lease }, data: { status: 'WAITING', leasedTo: to } });
    return 'waiting';
  }

  private async end(status: 'DONE' | 'FAILED'): Promise<void> {
    const { token: _, ...input } = this.context.input;
    await this.deps.db.run.updateMany({
      where: { id: this.run.id, leasedTo: this.lease },
      data: { status, input: toJson(input), lastError: null },
    });
  }

  /** Leaves the run for later, with growing pauses; before the pivot it is given up in the end. */
  async interrupt(error: unknown): Promise<PassOutcome> {
    const now = this.deps.now();
    const attempts = this.run.attempts + 1;
    const { patienceMs } = this.workflow;
    const isHopeless = patienceMs !== null && now.getTime() - this.run.createdAt.getTime() > patienceMs;
    const givesUp = isHopeless && this.failure === null && !this.isPastPivot();
    this.deps.logger.error(
      { err: error, runId: this.run.id, attempts, isCompensating: this.failure !== null },
      'a run was interrupted and will be continued',
    );
    const pauseMs = Math.min(500 * 2 ** Math.min(attempts, 7), 60_000);
    await this.deps.db.run.updateMany({
      where: { id: this.run.id, leasedTo: this.lease },
      data: {
        attempts,
        leasedTo: new Date(now.getTime() + pauseMs),
        lastError: error instanceof Error ? error.message.slice(0, 500) : String(error).slice(0, 500),
        ...(givesUp && {
          failure: toJson({ reason: 'SERVICE_UNAVAILABLE', message: 'A service that is needed could not be reached.' } satisfies Refusal),
        }),
      },
    });
    return 'interrupted';
  }

  private isPastPivot(): boolean {
    return this.workflow.pivot === null || this.steps.get(this.workflow.pivot) === 'DONE';
  }
}
