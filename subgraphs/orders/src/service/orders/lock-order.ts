import type { Principal } from '@app/auth';
import { conflict, UserFault } from '@app/subgraph';
import { type Run, readRun } from '@app/workflow';
import type { Tx } from '../../data/database.ts';
import { type FulfillmentRow, findFulfillments } from '../../data/order-parts.ts';
import { findOrderLines, loadOrder, type OrderLineRow, type OrderRow } from '../../data/order-rows.ts';
import { findPayments, type PaymentRow } from '../../data/payment-rows.ts';
import { availableActions } from '../../domain/available-actions.ts';
import { fulfillmentStatus } from '../../domain/fulfillment-status.ts';
import { placementId } from '../../domain/run-ids.ts';
import type { OrderAction } from '../../domain/statuses.ts';
import { viewerOf } from './order-access.ts';
import { orderState } from './order-state.ts';

/** An order, locked until the transaction ends, with what decisions about it depend on. */
export interface LockedOrder {
  readonly order: OrderRow;
  readonly lines: readonly OrderLineRow[];
  readonly payments: readonly PaymentRow[];
  readonly fulfillments: readonly FulfillmentRow[];
}

/** Locks an order: changes of one order queue here, so each decides on what the one before left. */
export async function lockOrder(tx: Tx, id: string): Promise<LockedOrder> {
  await tx.$queryRaw`SELECT 1 FROM orders WHERE id = ${id} FOR UPDATE`;
  const [order, lines, payments] = [await loadOrder(tx, id), await findOrderLines(tx, [id]), await findPayments(tx, [id])];
  const fulfillments = await findFulfillments(tx, [id]);
  return { order, lines, payments, fulfillments };
}

/** Refuses what the order's state or the caller's rights do not allow. @throws {UserFault} naming the state. */
export async function requireAction(tx: Tx, principal: Principal, locked: LockedOrder, action: OrderAction): Promise<void> {
  const { order } = locked;
  const path = ['orderId'];
  if (!availableActions(orderState(order, locked), viewerOf(principal, order)).includes(action)) {
    const message = `This is not possible with an order that is ${order.status}, ${order.fulfillmentStatus} and ${order.paymentStatus}: see availableActions.`;
    throw new UserFault(conflict(`ORDER_NOT_${refusals[action]}`, message, order.version, path));
  }
  const placement = order.status === 'CONFIRMED' ? await readRun(tx, placementId(order.id)) : null;
  if (placement && placement.status !== 'DONE' && !(action === 'CANCEL' && isStranded(placement))) {
    throw new UserFault(conflict('ORDER_BUSY', 'The order is just being confirmed: try again in a moment.', order.version, path));
  }
}

/** A confirmed order whose placement does not come to its end by itself is called off, or nobody ever gets out of it. */
function isStranded({ status }: Run): boolean {
  return status === 'STUCK' || status === 'CANCELLED' || status === 'FAILED';
}

const refusals: Readonly<Record<OrderAction, string>> = {
  PAY: 'PAYABLE',
  CANCEL: 'CANCELLABLE',
  REQUEST_RETURN: 'RETURNABLE',
  REVIEW: 'REVIEWABLE',
  REORDER: 'REORDERABLE',
  CAPTURE: 'CAPTURABLE',
  REFUND: 'REFUNDABLE',
  FULFIL: 'FULFILLABLE',
};

/** Derives the state of an order's goods from its lines, in the transaction that changed them. */
export async function deriveFulfillment(tx: Tx, orderId: string): Promise<void> {
  const current = fulfillmentStatus(await findOrderLines(tx, [orderId]));
  await tx.order.updateMany({
    where: { id: orderId, fulfillmentStatus: { not: current } },
    data: { fulfillmentStatus: current, version: { increment: 1 } },
  });
}
