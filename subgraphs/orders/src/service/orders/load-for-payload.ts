import { loadOrder, type OrderRow } from '../../data/order-rows.ts';
import type { Deps } from '../deps.ts';

/** The order that a mutation of the caller just made or changed: whoever may do that may see it. */
export function loadForPayload(deps: Deps, orderId: string): Promise<OrderRow> {
  return loadOrder(deps.db, orderId);
}
