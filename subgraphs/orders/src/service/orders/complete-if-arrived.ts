import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { findFulfillments } from '../../data/order-parts.ts';
import { findOrderLines } from '../../data/order-rows.ts';
import { unsentOf } from './order-state.ts';

/** Completes an order of which nothing is left to send and all has arrived. Call it under the order's lock. */
export async function completeIfArrived(tx: Tx, orderId: string): Promise<void> {
  const isAllSent = (await findOrderLines(tx, [orderId])).every((line) => unsentOf(line) === 0);
  const isAllThere = (await findFulfillments(tx, [orderId])).every(({ status }) => status === 'DELIVERED' || status === 'CANCELLED');
  if (!isAllSent || !isAllThere) return;
  const { count } = await tx.order.updateMany({
    where: { id: orderId, status: 'CONFIRMED' },
    data: { status: 'COMPLETED', version: { increment: 1 } },
  });
  if (count === 1) await addEntry(tx, orderId, { kind: 'COMPLETED', message: 'Everything arrived.', actor: 'system' });
}
