import type { FulfillmentStatus, OrderFailureReason, OrderStatus, PaymentStatus } from '../domain/statuses.ts';
import type { Prisma } from './client/client.ts';
import { minor, type Queryable } from './database.ts';
import { readJson, type StoredAddress } from './json.ts';

/** A tax line as it is stored. */
export interface StoredTax {
  readonly title: string;
  readonly rate: string;
  readonly minor: number;
}

/** A promotion as it is stored. */
export interface StoredPromotion {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly discountMinor: number;
}

/** An order without what has tables of its own. */
export interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly cartId: string | null;
  readonly accountId: string | null;
  readonly email: string;
  readonly guestTokenHash: string | null;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly fulfillmentStatus: FulfillmentStatus;
  readonly failureReason: OrderFailureReason | null;
  readonly currency: string;
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly taxLines: readonly StoredTax[];
  readonly promotions: readonly StoredPromotion[];
  readonly shippingAddress: StoredAddress | null;
  readonly billingAddress: StoredAddress | null;
  readonly shippingMethodName: string;
  readonly version: number;
  readonly placedAt: Date;
  readonly updatedAt: Date;
}

type Loaded = Prisma.OrderGetPayload<object>;

export function toOrderRow(row: Loaded): OrderRow {
  return {
    ...row,
    subtotalMinor: minor(row.subtotalMinor),
    discountMinor: minor(row.discountMinor),
    shippingMinor: minor(row.shippingMinor),
    taxMinor: minor(row.taxMinor),
    totalMinor: minor(row.totalMinor),
    taxLines: readJson<StoredTax[]>(row.taxLines) ?? [],
    promotions: readJson<StoredPromotion[]>(row.promotions) ?? [],
    shippingAddress: readJson<StoredAddress>(row.shippingAddress),
    billingAddress: readJson<StoredAddress>(row.billingAddress),
  };
}

export async function findOrders(db: Queryable, ids: readonly string[]): Promise<OrderRow[]> {
  return (await db.order.findMany({ where: { id: { in: [...ids] } } })).map(toOrderRow);
}

export async function findOrdersByNumber(db: Queryable, numbers: readonly string[]): Promise<OrderRow[]> {
  return (await db.order.findMany({ where: { number: { in: [...numbers] } } })).map(toOrderRow);
}

export async function findOrder(db: Queryable, id: string): Promise<OrderRow | null> {
  return (await findOrders(db, [id]))[0] ?? null;
}

/** The order a step works on. @throws Error when it is gone, which nothing does. */
export async function loadOrder(db: Queryable, id: string): Promise<OrderRow> {
  const order = await findOrder(db, id);
  if (order === null) throw new Error(`order ${id} is gone`);
  return order;
}

/** A line of an order. */
export interface OrderLineRow {
  readonly id: string;
  readonly orderId: string;
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly fulfilledQuantity: number;
  readonly cancelledQuantity: number;
  readonly returningQuantity: number;
  readonly returnedQuantity: number;
}

export async function findOrderLines(db: Queryable, orderIds: readonly string[]): Promise<OrderLineRow[]> {
  const rows = await db.orderLine.findMany({
    where: { orderId: { in: [...orderIds] } },
    orderBy: [{ orderId: 'asc' }, { position: 'asc' }],
  });
  return rows.map((row) => ({
    ...row,
    unitPriceMinor: minor(row.unitPriceMinor),
    discountMinor: minor(row.discountMinor),
    taxMinor: minor(row.taxMinor),
    totalMinor: minor(row.totalMinor),
  }));
}
