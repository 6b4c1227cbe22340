import type { Refusal } from './step.ts';

/** What a worker tells whoever observes it: for logs, metrics and alarms. */
export type WorkflowEvent =
  /** A run ended; `seconds` since it was started. */
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly workflow: string;
      readonly status: 'DONE' | 'REFUSED' | 'FAILED';
      readonly seconds: number;
      readonly refusal: Refusal | null;
    }
  /** An attempt of a step, or of its compensation, came to an end. */
  | {
      readonly kind: 'attempted';
      readonly runId: string;
      readonly workflow: string;
      readonly step: string;
      readonly isCompensation: boolean;
      readonly outcome: 'done' | 'refused' | 'wait' | 'failed';
      readonly seconds: number;
    }
  /** An attempt failed; it is tried again after a pause. */
  | {
      readonly kind: 'failed';
      readonly runId: string;
      readonly workflow: string;
      readonly step: string;
      readonly failures: number;
      readonly error: unknown;
    }
  /** Somebody must look: a step or a compensation keeps failing where there is no other way, or the engine gave a run up. */
  | {
      readonly kind: 'alarm';
      readonly status: 'STUCK' | 'COMPENSATION_FAILED' | 'FAILED';
      readonly runId: string;
      readonly workflow: string;
      readonly step: string | null;
      readonly error: unknown;
    }
  /** The runs of an instance that gave no sign of life were given to the others. */
  | { readonly kind: 'taken-over'; readonly executor: string; readonly runs: number }
  /** So many runs wait for a definition that no living instance has; 0: no longer. */
  | { readonly kind: 'unserved'; readonly workflow: string; readonly runs: number }
  /** Something in the background failed and is tried again. */
  | { readonly kind: 'trouble'; readonly where: string; readonly error: unknown }
  /** What DBOS has to say. */
  | { readonly kind: 'engine'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };

/** Hears what happens. Must not throw. */
export type Observe = (event: WorkflowEvent) => void;

/** Hears nothing. */
export const silent: Observe = () => undefined;
