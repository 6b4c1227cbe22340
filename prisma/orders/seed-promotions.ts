import type { TableRows } from '../seed/core/fill-database.ts';
import { type PromotionRow, promotionsOf } from '../seed/orders/promotions.ts';
import type { OrderRow } from '../seed/orders/rows.ts';
import type { Town } from '../seed/world.ts';

export interface PromotionTables {
  readonly promotions: TableRows;
  readonly redemptions: TableRows;
  readonly byCode: ReadonlyMap<string, PromotionRow>;
}

/** Promotions with their counters, and one redemption per order that used one and did not fail. */
export function promotionTables(town: Town): PromotionTables {
  const rows = promotionsOf(town.index);
  const byCode = new Map(rows.map((promotion) => [promotion.code, promotion]));
  const redemptions = redemptionsOf(town.orders(), byCode);
  const usedOf = (id: string): number => redemptions.filter(({ promotion_id }) => promotion_id === id).length;
  return {
    byCode,
    redemptions: { table: 'promotion_redemption', rows: redemptions },
    promotions: {
      table: 'promotion',
      rows: rows.map((promotion) => ({
        id: promotion.id,
        code: promotion.code,
        title: promotion.title,
        kind: promotion.kind,
        percent: promotion.percent,
        amount_minor: promotion.amountMinor,
        currency: promotion.currency,
        minimum_minor: promotion.minimumMinor,
        starts_at: promotion.startsAt,
        ends_at: promotion.endsAt,
        usage_limit: promotion.usageLimit,
        used: usedOf(promotion.id),
        per_customer_limit: promotion.perCustomerLimit,
      })),
    },
  };
}

function redemptionsOf(orders: readonly OrderRow[], byCode: ReadonlyMap<string, PromotionRow>): Record<string, unknown>[] {
  const uses = new Map<string, number>();
  return orders.flatMap(({ id, buyerId, email, promotionCode, status, placedAt }) => {
    const promotion = promotionCode === null ? undefined : byCode.get(promotionCode);
    // A failed order gives its use back.
    if (!promotion || ['REJECTED', 'EXPIRED', 'CANCELLED'].includes(status)) return [];
    const customer = buyerId ?? email.toLowerCase();
    const n = (uses.get(customer) ?? 0) + 1;
    uses.set(customer, n);
    return [{ promotion_id: promotion.id, order_id: id, customer, n, redeemed_at: placedAt }];
  });
}
