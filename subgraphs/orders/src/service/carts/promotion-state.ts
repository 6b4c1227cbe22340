import type { CartPromotionRow } from '../../data/cart-rows.ts';

/** Whether a promotion can be used at an instant, before looking at the cart or the customer. */
export function promotionState(promotion: CartPromotionRow, now: Date): 'VALID' | 'NOT_YET' | 'EXPIRED' | 'EXHAUSTED' {
  if (promotion.startsAt > now) return 'NOT_YET';
  if (promotion.endsAt !== null && promotion.endsAt <= now) return 'EXPIRED';
  if (promotion.usageLimit !== null && promotion.used >= promotion.usageLimit) return 'EXHAUSTED';
  return 'VALID';
}
