import { withTx } from '@app/database';
import type { Tx } from '../../data/database.ts';
import { loadOrder, type OrderRow, type StoredPromotion } from '../../data/order-rows.ts';
import type { Deps } from '../deps.ts';

/** A code has no use left, for all or for this customer. */
export class PromotionExhausted extends Error {
  override readonly name = 'PromotionExhausted';
  constructor(readonly promotionCode: string) {
    super(`the code ${promotionCode} is used up`);
  }
}

/** Counts the use of an order's codes, once per order: all of them or none. @throws {PromotionExhausted} */
export async function claimPromotions(deps: Deps, orderId: string): Promise<void> {
  await withTx(deps.db, async (tx: Tx) => {
    const order = await loadOrder(tx, orderId);
    const promotions = [...order.promotions].sort((left, right) => (left.id < right.id ? -1 : 1));
    for (const promotion of promotions) await claimOne(tx, order, promotion);
  });
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
  await withTx(deps.db, async (tx: Tx) => {
    await tx.$executeRaw`
      WITH gone AS (DELETE FROM promotion_redemption WHERE order_id = ${orderId} RETURNING promotion_id)
      UPDATE promotion SET used = used - 1 FROM gone WHERE promotion.id = gone.promotion_id`;
  });
}
