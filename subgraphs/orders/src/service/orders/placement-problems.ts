import { type Refusal, readRun } from '@app/workflow';
import type { Queryable } from '../../data/database.ts';
import { loadOrder } from '../../data/order-rows.ts';
import type { OrderProblem } from '../../domain/order-problem.ts';
import { placementId } from '../../domain/run-ids.ts';

/** What a refused placement left behind; the workflow writes it. */
interface StoredRefusal extends Refusal {
  readonly declineCode?: string | null;
  readonly retryable?: boolean;
  readonly variantIds?: readonly string[];
}

/** Why an order was not placed; nothing when it was, or is still under way. */
export async function placementProblems(db: Queryable, orderId: string): Promise<OrderProblem[]> {
  const order = await loadOrder(db, orderId);
  if (order.status !== 'REJECTED' && order.status !== 'EXPIRED') return [];
  const run = await readRun(db, placementId(orderId));
  return run?.refusal ? [problemOf(run.refusal)] : [];
}

function problemOf({ reason, message, declineCode = null, retryable = false, variantIds = [] }: StoredRefusal): OrderProblem {
  switch (reason) {
    case 'OUT_OF_STOCK':
      return { kind: 'out_of_stock', message, variantIds };
    case 'PAYMENT_DECLINED':
    case 'FRAUD_SUSPECTED':
      return { kind: 'payment_declined', message, declineCode, retryable };
    default:
      return { kind: 'other', code: reason, message };
  }
}
