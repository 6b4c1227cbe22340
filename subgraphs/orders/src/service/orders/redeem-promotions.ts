import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { loadOrder, type OrderRow, type StoredPromotion } from '../../data/order-rows.ts';
import type { OrderStatus } from '../../domain/statuses.ts';
import type { Deps } from '../deps.ts';

/** A code has no use left, for all or for this customer. */
export class PromotionExhausted extends Error {
  override readonly name = 'PromotionExhausted';
  constructor(readonly promotionCode: string) {
    super(`the code ${promotionCode} is used up`);
  }
}

/**
 * Counts the use of an order's codes, once per order: all of them or none. An order that ended meanwhile uses none: whoever claims that late
 * comes from before its end, and nobody would give the use back. @throws {PromotionExhausted}
 */
export async function claimPromotions(deps: Deps, orderId: string): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    const order = await loadOrder(tx, orderId);
    if (order.promotions.length === 0 || !(await isOnItsWay(tx, orderId))) return;
    const promotions = [...order.promotions].sort((left, right) => (left.id < right.id ? -1 : 1));
    for (const promotion of promotions) await claimOne(tx, order, promotion);
  });
}

/** Locked: it cannot end before the claim is there to be given back. */
async function isOnItsWay(tx: Tx, orderId: string): Promise<boolean> {
  const [order] = await tx.$queryRaw<{ status: OrderStatus }[]>`SELECT status FROM orders WHERE id = ${orderId} FOR UPDATE`;
  return order?.status === 'PENDING' || order?.status === 'AWAITING_PAYMENT';
}

/** The counter's update locks the promotion, so what follows sees every earlier use of it. */
async function claimOne(tx: Tx, order: OrderRow, promotion: StoredPromotion): Promise<void> {
  const where = { promotionId_orderId: { promotionId: promotion.id, orderId: order.id } };
  if (await tx.promotionRedemption.findUnique({ where })) return;
  const limits = await tx.$queryRaw<{ per_customer_limit: number | null }[]>`
    UPDATE promotion SET used = used + 1 WHERE id = ${promotion.id} AND (usage_limit IS NULL OR used < usage_limit)
    RETURNING per_customer_limit`;
  const limit = limits[0];
  if (limit === undefined) throw new PromotionExhausted(promotion.code);
  const customer = order.accountId ?? order.email.toLowerCase();
  const uses = await tx.promotionRedemption.aggregate({ where: { promotionId: promotion.id, customer }, _count: true, _max: { n: true } });
  if (limit.per_customer_limit !== null && uses._count >= limit.per_customer_limit) throw new PromotionExhausted(promotion.code);
  await tx.promotionRedemption.create({ data: { promotionId: promotion.id, orderId: order.id, customer, n: (uses._max.n ?? 0) + 1 } });
}

/** Gives the uses back. */
export async function unclaimPromotions(deps: Deps, orderId: string): Promise<void> {
  await withTx(deps.db, (tx: Tx) => giveUsesBack(tx, orderId));
}

/** The same, in the transaction that ends the order. */
export async function giveUsesBack(tx: Tx, orderId: string): Promise<void> {
  await tx.$executeRaw`
    WITH gone AS (DELETE FROM promotion_redemption WHERE order_id = ${orderId} RETURNING promotion_id)
    UPDATE promotion SET used = used - 1 FROM gone WHERE promotion.id = gone.promotion_id`;
}
