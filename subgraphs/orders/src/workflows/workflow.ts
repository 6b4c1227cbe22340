import { defineWorkflow, type Refusal, type Step, type StepContext, type Workflow, type WorkflowSpec } from '@app/workflow';
import type { OrderFailureReason } from '../domain/statuses.ts';
import type { Deps } from '../service/deps.ts';
import type { StockLine } from '../service/ports.ts';

/** What steps need and no table has; the subject of every run is its order. */
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

/** Why an order came to nothing. */
export interface OrderRefusal extends Refusal {
  readonly reason: OrderFailureReason | 'CANCELLED';
  readonly declineCode?: string | null;
  readonly retryable?: boolean;
  readonly variantIds?: readonly string[];
}

/** A step of an order's workflow. */
export type OrderStep = Step<Deps, RunInput, OrderRefusal>;

/** What such a step works with. */
export type OrderContext = StepContext<Deps, RunInput>;

/** A call of another service that hangs is worth another one; its deadline is shorter than that. */
export const callTimeoutMs = 30_000;

/** A workflow of an order; a means of payment is forgotten when it ends. */
export function defineOrderWorkflow(
  spec: Omit<WorkflowSpec<Deps, RunInput, OrderRefusal>, 'forget'>,
): Workflow<Deps, RunInput, OrderRefusal> {
  return defineWorkflow<Deps, RunInput, OrderRefusal>({ ...spec, forget: ['token'] });
}
