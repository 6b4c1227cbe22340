import type { PageRequest } from '@app/subgraph';
import { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';
import { instantOf, textOf } from './cursor-part.ts';

/** Something a customer received and kept, and has not reviewed. */
export interface ReviewableRow {
  readonly productId: string;
  readonly orderId: string;
  readonly deliveredAt: Date;
}

/** A delivered line of an order. */
export interface DeliveredLine {
  readonly orderId: string;
  readonly lineId: string;
  readonly buyerId: string;
  readonly productId: string;
  readonly quantity: number;
  readonly deliveredAt: Date;
}

/** Notes a delivery; a second parcel of the same line adds to it. */
export async function addDelivery(tx: Tx, line: DeliveredLine): Promise<void> {
  const { orderId, lineId, quantity } = line;
  const where = { orderId_lineId: { orderId, lineId } };
  await tx.purchasedItem.upsert({ where, create: line, update: { quantity: { increment: quantity } } });
}

/** Notes that pieces of a line were refunded; more than were delivered count as all of them. */
export async function addRefund(tx: Tx, line: { orderId: string; lineId: string; quantity: number }): Promise<void> {
  await tx.$executeRaw`
    UPDATE purchased_item SET refunded_quantity = least(quantity, refunded_quantity + ${line.quantity}::int)
    WHERE order_id = ${line.orderId} AND line_id = ${line.lineId}`;
}

/** Holds the pair of buyer and product until the transaction ends: reviewing and refunding the same thing exclude each other. */
export async function lockPurchase(tx: Tx, buyerId: string, productId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`purchase/${buyerId}/${productId}`}, 0))::text`;
}

/** Whether the customer has kept at least one piece of the product. */
export async function hasPurchased(db: Tx, buyerId: string, productId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM purchased_item WHERE buyer_id = ${buyerId} AND product_id = ${productId} AND refunded_quantity < quantity LIMIT 1`;
  return rows.length > 0;
}

/** What a customer can review: one entry per product with its latest delivery, latest first. */
export function listReviewable(db: Tx, buyerId: string, page: PageRequest): Promise<ReviewableRow[]> {
  return db.$queryRaw<ReviewableRow[]>`
    SELECT * FROM (
      SELECT DISTINCT ON (p.product_id) p.product_id AS "productId", p.order_id AS "orderId", p.delivered_at AS "deliveredAt"
      FROM purchased_item p
      WHERE p.buyer_id = ${buyerId} AND p.refunded_quantity < p.quantity AND NOT EXISTS (
        SELECT 1 FROM review r WHERE r.author_id = p.buyer_id AND r.product_id = p.product_id AND r.deleted_at IS NULL)
      ORDER BY p.product_id, p.delivered_at DESC
    ) item
    ${page.from === null ? Prisma.empty : Prisma.sql`WHERE ("deliveredAt", "productId") < (${instantOf(page.from[0])}, ${textOf(page.from[1])})`}
    ORDER BY "deliveredAt" DESC, "productId" DESC LIMIT ${page.limit + 1}`;
}

export async function deletePurchasesOf(tx: Tx, buyerId: string): Promise<void> {
  await tx.purchasedItem.deleteMany({ where: { buyerId } });
}
