import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { type FulfillmentRow, findFulfillments } from '../../data/order-parts.ts';
import { findOrderLines, loadOrder, type OrderLineRow } from '../../data/order-rows.ts';
import type { Deps } from '../deps.ts';
import { completeMove, intendMove } from '../payments/move-money.ts';
import { deriveFulfillment, lockOrder } from './lock-order.ts';
import { publishDelivered } from './order-events.ts';

/** A shipment with the lines it contains, each with the quantity that is in it. */
export interface Shipment {
  readonly fulfillment: FulfillmentRow;
  readonly lines: readonly OrderLineRow[];
}

/** @throws Error when it is gone, which nothing does. */
export async function loadShipment(deps: Deps, orderId: string, fulfillmentId: string): Promise<Shipment> {
  const [fulfillments, lines] = await Promise.all([findFulfillments(deps.db, [orderId]), findOrderLines(deps.db, [orderId])]);
  const fulfillment = fulfillments.find(({ id }) => id === fulfillmentId);
  if (!fulfillment) throw new Error(`shipment ${fulfillmentId} is gone`);
  const content = fulfillment.lines.flatMap(({ orderLineId, quantity }) => {
    const line = lines.find(({ id }) => id === orderLineId);
    return line ? [{ ...line, quantity }] : [];
  });
  return { fulfillment, lines: content };
}

/** The parcel left the house. */
export async function markShipped(deps: Deps, orderId: string, fulfillmentId: string): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.fulfillment.updateMany({
      where: { id: fulfillmentId, status: 'PENDING' },
      data: { status: 'SHIPPED', shippedAt: deps.now() },
    });
    if (count === 1) await addEntry(tx, orderId, { kind: 'SHIPPED', message: 'A shipment is on its way.', actor: 'system' });
  });
}

/** Stock is not there after all: the pieces may be sent another time. */
export async function undoFulfillment(deps: Deps, orderId: string, fulfillmentId: string): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    // Locked: a shipment that is prepared at the same instant counts in the order's state.
    await lockOrder(tx, orderId);
    const { count } = await tx.fulfillment.updateMany({ where: { id: fulfillmentId, status: 'PENDING' }, data: { status: 'CANCELLED' } });
    if (count === 0) return;
    await tx.$executeRaw`
      UPDATE order_line SET fulfilled_quantity = fulfilled_quantity - content.quantity FROM fulfillment_line AS content
      WHERE content.fulfillment_id = ${fulfillmentId} AND content.order_line_id = order_line.id`;
    await deriveFulfillment(tx, orderId);
    await addEntry(tx, orderId, {
      kind: 'FULFILLMENT_CANCELLED',
      message: 'A shipment could not be sent: the goods are not in stock.',
      actor: 'system',
    });
  });
}

/**
 * Takes the money for what a shipment contains: its share of each line, and with the last piece all that is still held,
 * shipping included. @throws Error while the outcome is unknown, or when the books changed meanwhile: try again.
 */
export async function captureForShipment(deps: Deps, orderId: string, { fulfillment, lines }: Shipment): Promise<void> {
  const key = `${fulfillment.id}:capture`;
  await withTx(deps.db, async (tx: Tx) => {
    // Locked: a parcel that leaves at the same instant is either counted here, or counts this one.
    const { lines: all, payments, fulfillments } = await lockOrder(tx, orderId);
    if (await tx.paymentOperation.findUnique({ where: { key } })) return;
    const payment = payments.find(({ authorizedMinor, voidedAt }) => authorizedMinor > 0 && voidedAt === null);
    if (!payment) return;
    const isLast = all.every(({ id, quantity }) => sentOf(id, fulfillments) >= quantity);
    // What another capture does not take in the end would be held for ever: nothing comes after the last parcel.
    if (isLast && payment.capturePendingMinor > 0) throw new Error(`another capture of the payment ${payment.id} is under way`);
    const left = payment.authorizedMinor - payment.capturedMinor - payment.capturePendingMinor;
    const share = lines.reduce((sum, line) => sum + shareOf(line, all), 0);
    const amountMinor = isLast ? left : Math.min(left, share);
    if (amountMinor <= 0) return;
    const isHeld = await intendMove(tx, { key, paymentId: payment.id, kind: 'CAPTURE', amountMinor, detail: { actor: 'system' } });
    if (!isHeld) throw new Error(`less than the ${amountMinor} of the capture ${key} is held by now`);
  });
  if (!(await deps.db.paymentOperation.findUnique({ where: { key } }))) return;
  await completeMove(deps, key);
}

/** Pieces of a line that have left the house: what is only being prepared may still turn out not to be there. */
export function sentOf(lineId: string, shipments: readonly FulfillmentRow[]): number {
  const sent = shipments.filter(({ status }) => status === 'SHIPPED' || status === 'DELIVERED').flatMap(({ lines }) => lines);
  return sent.filter(({ orderLineId }) => orderLineId === lineId).reduce((sum, { quantity }) => sum + quantity, 0);
}

function shareOf({ id, quantity }: OrderLineRow, all: readonly OrderLineRow[]): number {
  const line = all.find((candidate) => candidate.id === id);
  return line ? Math.floor((line.totalMinor * quantity) / line.quantity) : 0;
}

/** The parcel arrived; with the last one the order is complete. */
export async function markDelivered(deps: Deps, orderId: string, { fulfillment, lines }: Shipment): Promise<void> {
  const deliveredAt = deps.now();
  await withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.fulfillment.updateMany({
      where: { id: fulfillment.id, status: 'SHIPPED' },
      data: { status: 'DELIVERED', deliveredAt },
    });
    if (count === 0) return;
    const order = await loadOrder(tx, orderId);
    await addEntry(tx, orderId, { kind: 'DELIVERED', message: 'A shipment arrived.', actor: 'system' });
    await publishDelivered(tx, order, lines, deliveredAt);
    const isComplete = (await findOrderLines(tx, [orderId])).every(({ quantity, fulfilledQuantity }) => fulfilledQuantity >= quantity);
    const isAllThere = (await findFulfillments(tx, [orderId])).every(({ status }) => status === 'DELIVERED' || status === 'CANCELLED');
    if (!isComplete || !isAllThere) return;
    const completed = await tx.order.updateMany({
      where: { id: orderId, status: 'CONFIRMED' },
      data: { status: 'COMPLETED', version: { increment: 1 } },
    });
    if (completed.count === 1) await addEntry(tx, orderId, { kind: 'COMPLETED', message: 'Everything arrived.', actor: 'system' });
  });
}
