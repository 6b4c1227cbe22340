import type { OrderProblem } from '../../domain/order-problem.ts';

/** What came of a mutation of an order. */
export interface OrderOutcome {
  readonly orderId: string;
  /** True when an earlier call with the same key did it. */
  readonly replayed: boolean;
  /** What the customer has to know, such as a declined payment. */
  readonly problems?: readonly OrderProblem[];
}
