import type { OrderRow } from './rows.ts';

/** Something a customer has received and kept: the ground for a verified review. */
export interface PurchasedItem {
  readonly buyerId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly deliveredAt: Date;
}

/**
 * One entry per buyer and product, the first delivery counting. Guests have no account to review with;
 * a line that went back completely is no purchase.
 */
export function purchasedItems(orders: readonly OrderRow[]): PurchasedItem[] {
  const found = new Map<string, PurchasedItem>();
  for (const order of orders) {
    for (const item of itemsOf(order)) {
      const key = `${item.buyerId}/${item.productId}`;
      const known = found.get(key);
      if (!known || item.deliveredAt < known.deliveredAt) found.set(key, item);
    }
  }
  return [...found.values()];
}

function itemsOf({ id, buyerId, lines, fulfillments }: OrderRow): PurchasedItem[] {
  if (buyerId === null) return [];
  return lines.flatMap((line) => {
    const parcel = fulfillments.find((candidate) => candidate.deliveredAt && candidate.lines.some(({ lineId }) => lineId === line.id));
    if (!parcel?.deliveredAt || line.returnedQuantity >= line.quantity) return [];
    return [{ buyerId, productId: line.productId, variantId: line.variantId, orderId: id, orderLineId: line.id, deliveredAt: parcel.deliveredAt }];
  });
}
