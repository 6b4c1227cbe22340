import type { Refusal } from './step.ts';

/**
 * How a run stands.
 * RUNNING: a step is worked on, or will be at once. WAITING: for a signal or a time. RETRYING: a step failed and is tried again. STUCK: it failed
 * so often that somebody should look; still tried. COMPENSATING: it was refused and is being undone. COMPENSATION_FAILED: undoing fails;
 * somebody must look; still tried. DONE. REFUSED: the business said no, all is undone. CANCELLED: stopped by hand where it was, nothing
 * undone. FAILED: the engine gave it up.
 */
export type RunStatus =
  | 'RUNNING'
  | 'WAITING'
  | 'RETRYING'
  | 'STUCK'
  | 'COMPENSATING'
  | 'COMPENSATION_FAILED'
  | 'DONE'
  | 'REFUSED'
  | 'CANCELLED'
  | 'FAILED';

/** All states, in the order above. */
export const runStatuses: readonly RunStatus[] = [
  'RUNNING',
  'WAITING',
  'RETRYING',
  'STUCK',
  'COMPENSATING',
  'COMPENSATION_FAILED',
  'DONE',
  'REFUSED',
  'CANCELLED',
  'FAILED',
];

/** A run as it is stored. */
export interface Run {
  readonly id: string;
  /** Name and version of its workflow. */
  readonly workflow: string;
  readonly version: number;
  /** What it is about, such as an order's id. */
  readonly subject: string;
  readonly status: RunStatus;
  readonly input: Readonly<Record<string, unknown>>;
  readonly correlationId: string | null;
  readonly refusal: Refusal | null;
  /** The step that failed last or waits; null while all goes well. */
  readonly step: string | null;
  /** How often that step failed in a row. */
  readonly failures: number;
  /** When it failed first in that row; null while it does not fail. */
  readonly failingSince: Date | null;
  readonly lastError: string | null;
  /** The signal that it waits for, if it does. */
  readonly waitingFor: string | null;
  /** When it goes on by itself, while it waits or pauses. */
  readonly until: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly endedAt: Date | null;
}

/** A step that a run has behind it. */
export interface RunStep {
  readonly name: string;
  /** COMPENSATED: the step undone; otherwise what came of it. */
  readonly outcome: 'DONE' | 'REFUSED' | 'WAITED' | 'COMPENSATED';
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** True for states that nobody works on any more. */
export function hasEnded(status: RunStatus): boolean {
  return status === 'DONE' || status === 'REFUSED' || status === 'CANCELLED' || status === 'FAILED';
}

/** True when there is nothing to wait for in this moment: the run ended, waits, or is tried again later. */
export function isResting(status: RunStatus): boolean {
  return status !== 'RUNNING' && status !== 'COMPENSATING';
}
