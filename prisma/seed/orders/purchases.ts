import type { OrderLineRow, OrderRow } from './rows.ts';

/** A line that reached an account's customer, and how much of it was refunded since. */
export interface DeliveredLine {
  readonly buyerId: string;
  readonly productId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly quantity: number;
  readonly refundedQuantity: number;
  readonly deliveredAt: Date;
}

/** Every delivered line of every account; guests have no account to review with. */
export function deliveredLines(orders: readonly OrderRow[]): DeliveredLine[] {
  return orders.flatMap((order) => order.lines.flatMap((line) => delivered(order, line)));
}

/**
 * What customers have received and kept, the ground for verified reviews: one entry per buyer and product,
 * the first delivery counting. A line that was refunded completely is no purchase.
 */
export function purchasedItems(orders: readonly OrderRow[]): DeliveredLine[] {
  const found = new Map<string, DeliveredLine>();
  for (const item of deliveredLines(orders)) {
    const key = `${item.buyerId}/${item.productId}`;
    const known = found.get(key);
    if (item.refundedQuantity < item.quantity && (!known || item.deliveredAt < known.deliveredAt)) found.set(key, item);
  }
  return [...found.values()];
}

function delivered({ id, buyerId, fulfillments, returns }: OrderRow, line: OrderLineRow): DeliveredLine[] {
  const parcel = fulfillments.find((candidate) => candidate.lines.some(({ lineId }) => lineId === line.id));
  if (buyerId === null || !parcel?.deliveredAt) return [];
  const refunded = returns.filter(({ status }) => status === 'REFUNDED').flatMap(({ lines }) => lines);
  const refundedQuantity = refunded.filter(({ lineId }) => lineId === line.id).reduce((sum, { quantity }) => sum + quantity, 0);
  return [
    {
      buyerId,
      productId: line.productId,
      orderId: id,
      orderLineId: line.id,
      quantity: line.quantity,
      refundedQuantity,
      deliveredAt: parcel.deliveredAt,
    },
  ];
}
