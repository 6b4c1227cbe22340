import type { OrderFailureReason } from '../domain/statuses.ts';
import type { Deps } from '../service/deps.ts';
import type { StockLine } from '../service/ports.ts';

/** What a run is about. */
export interface RunContext {
  readonly deps: Deps;
  readonly runId: string;
  readonly orderId: string;
  readonly input: RunInput;
}

/** What steps need and no table has. */
export interface RunInput {
  /** Of a placement: the means of payment, until it was used. */
  readonly token?: string;
  /** Of a placement: which attempt to pay this is. */
  readonly attempt?: number;
  /** Of a placement: the idempotency key that waits for its outcome. */
  readonly keyId?: string;
  readonly fulfillmentId?: string;
  readonly returnId?: string;
  /** Of a refund: the key that it is made under, and the pieces that came back with it. */
  readonly moveKey?: string;
  readonly restock?: readonly StockLine[];
}

/** A business failure: a value, not an exception. It ends the run, and what was done is compensated. */
export interface Refusal {
  readonly reason: OrderFailureReason | 'CANCELLED';
  readonly message: string;
  readonly declineCode?: string;
  readonly retryable?: boolean;
  readonly variantIds?: readonly string[];
}

/** What came of a step. Anything thrown instead is a fault of the surroundings: the step is tried again later. */
export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'wait'; readonly until: Date };

/** One step: idempotent, for it may be run again after a crash; its compensation stands beside it. */
export interface Step {
  readonly name: string;
  run(context: RunContext): Promise<StepResult>;
  /** Undoes what `run` did or may have done. Idempotent; retried until it works. */
  compensate?(context: RunContext): Promise<void>;
}

/** A workflow: its steps in order, and how a refused run ends. */
export interface Workflow {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Names the last step that can be refused: after it there is no way back, only forward. Null: none can. */
  readonly pivot: string | null;
  /**
   * How long a run that cannot get on before the pivot is tried, in milliseconds; then it is refused and compensated. Null: for as long as it
   * takes, because a step whose outcome is unknown may have happened and cannot be undone.
   */
  readonly patienceMs: number | null;
  /** Leaves things as they should be after everything was compensated. Idempotent. */
  onRefused(context: RunContext, refusal: Refusal): Promise<void>;
}

export const done: StepResult = { kind: 'done' };

export function refused(refusal: Refusal): StepResult {
  return { kind: 'refused', refusal };
}
