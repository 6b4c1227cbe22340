import { publish } from '@app/events';
import {
  OrderCancelled,
  OrderConfirmed,
  OrderDelivered,
  OrderRefunded,
  OrderRejected,
  OrderRestCancelled,
  OrderSubmitted,
} from '@app/events/catalogue/order.events';
import { currentRequest } from '@app/observability';
import type { Tx } from '../../data/database.ts';
import { findOrderLines, type OrderLineRow, type OrderRow } from '../../data/order-rows.ts';

/** Published by orders, each in the transaction of the change it tells of. The shapes stand in @app/events/catalogue. */

const metadata = () => ({ correlationId: currentRequest()?.requestId ?? crypto.randomUUID() });

function lineOf({ id, productId, variantId, sku, quantity }: Pick<OrderLineRow, 'id' | 'productId' | 'variantId' | 'sku' | 'quantity'>) {
  return { lineId: id, productId, variantId, sku, quantity };
}

function about(order: OrderRow, lines: readonly OrderLineRow[]) {
  return { orderId: order.id, orderNumber: order.number, buyerId: order.accountId, lines: lines.map(lineOf) };
}

export async function publishSubmitted(tx: Tx, order: OrderRow): Promise<void> {
  const lines = await findOrderLines(tx, [order.id]);
  await publish(tx, OrderSubmitted.create(order.id, { ...about(order, lines), total: totalOf(order) }, metadata()));
}

export async function publishConfirmed(tx: Tx, order: OrderRow): Promise<void> {
  const lines = await findOrderLines(tx, [order.id]);
  await publish(tx, OrderConfirmed.create(order.id, { ...about(order, lines), total: totalOf(order) }, metadata()));
}

export async function publishRejected(tx: Tx, order: OrderRow, reason: string): Promise<void> {
  await publish(tx, OrderRejected.create(order.id, { orderId: order.id, reason }, metadata()));
}

export async function publishCancelled(tx: Tx, order: OrderRow, reason: string): Promise<void> {
  const lines = await findOrderLines(tx, [order.id]);
  await publish(tx, OrderCancelled.create(order.id, { ...about(order, lines), reason }, metadata()));
}

/** `lines` with the quantities that were called off. */
export async function publishRestCancelled(tx: Tx, order: OrderRow, lines: readonly OrderLineRow[], reason: string): Promise<void> {
  await publish(tx, OrderRestCancelled.create(order.id, { ...about(order, lines), reason }, metadata()));
}

/** `lines` with the quantities that arrived. */
export async function publishDelivered(tx: Tx, order: OrderRow, lines: readonly OrderLineRow[], deliveredAt: Date): Promise<void> {
  await publish(tx, OrderDelivered.create(order.id, { ...about(order, lines), deliveredAt: deliveredAt.toISOString() }, metadata()));
}

/** `lines` that were refunded in full; none for a goodwill refund. */
export async function publishRefunded(tx: Tx, order: OrderRow, lines: readonly OrderLineRow[], amountMinor: number): Promise<void> {
  const data = { ...about(order, lines), amount: { minor: amountMinor, currency: order.currency } };
  await publish(tx, OrderRefunded.create(order.id, data, metadata()));
}

function totalOf(order: OrderRow) {
  return { minor: order.totalMinor, currency: order.currency };
}
