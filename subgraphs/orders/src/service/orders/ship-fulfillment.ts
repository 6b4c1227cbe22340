import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { addEntry } from '../../data/order-entries.ts';
import { type FulfillmentRow, findFulfillments } from '../../data/order-parts.ts';
import { findOrderLines, type OrderLineRow } from '../../data/order-rows.ts';
import { costOf } from '../../domain/amount-due.ts';
import type { Deps } from '../deps.ts';
import { completeIfArrived } from './complete-if-arrived.ts';
import { deriveFulfillment, lockOrder } from './lock-order.ts';
import { publishDelivered } from './order-events.ts';
import { takeMoney } from './take-money.ts';

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

/** Takes the money for what a shipment contains: its share of each line, or as the last one all that is still due. @throws Error: try again. */
export async function captureForShipment(deps: Deps, orderId: string, { fulfillment, lines }: Shipment): Promise<void> {
  const wholes = await findOrderLines(deps.db, [orderId]);
  const shareMinor = lines.reduce((sum, line) => sum + shareOf(line, wholes), 0);
  await takeMoney(deps, orderId, { key: `${fulfillment.id}:capture`, shareMinor });
}

function shareOf({ id, quantity }: OrderLineRow, all: readonly OrderLineRow[]): number {
  const line = all.find((candidate) => candidate.id === id);
  return line ? costOf(line, quantity) : 0;
}

/** The parcel arrived; with the last one the order is complete. */
export async function markDelivered(deps: Deps, orderId: string, { fulfillment, lines }: Shipment): Promise<void> {
  const deliveredAt = deps.now();
  await withTx(deps.db, async (tx: Tx) => {
    // Locked: of a rest that is called off and a last parcel that arrives at the same instant, one completes the order.
    const { order } = await lockOrder(tx, orderId);
    const { count } = await tx.fulfillment.updateMany({
      where: { id: fulfillment.id, status: 'SHIPPED' },
      data: { status: 'DELIVERED', deliveredAt },
    });
    if (count === 0) return;
    await addEntry(tx, orderId, { kind: 'DELIVERED', message: 'A shipment arrived.', actor: 'system' });
    await publishDelivered(tx, order, lines, deliveredAt);
    await completeIfArrived(tx, orderId);
  });
}
