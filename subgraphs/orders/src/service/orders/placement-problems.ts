import type { Queryable } from '../../data/database.ts';
import { readJson } from '../../data/json.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { findRun } from '../../data/run-rows.ts';
import type { OrderProblem } from '../../domain/order-problem.ts';
import { placementId } from '../../domain/run-ids.ts';

/** What a refused placement left behind; the workflow writes it. */
interface StoredRefusal {
  readonly reason: string;
  readonly message: string;
  readonly declineCode?: string | null;
  readonly retryable?: boolean;
  readonly variantIds?: readonly string[];
}

/** Why an order was not placed; nothing when it was, or is still under way. */
export async function placementProblems(db: Queryable, orderId: string): Promise<OrderProblem[]> {
  const order = await loadOrder(db, orderId);
  if (order.status !== 'REJECTED' && order.status !== 'EXPIRED') return [];
  const run = await findRun(db, placementId(orderId));
  const refusal = readJson<StoredRefusal>(run?.failure ?? null);
  return refusal ? [problemOf(refusal)] : [];
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
