import type { Principal } from '@app/auth';
import { InputCheck, inputError, notFound, UserFault } from '@app/subgraph';
import { type CartPromotionRow, type CartRow, toPromotionRow } from '../../data/cart-rows.ts';
import { promotionApplies } from '../../domain/pricing.ts';
import type { Deps } from '../deps.ts';
import { changeCart, requireOpenCart } from './change-cart.ts';
import { promotionState } from './promotion-state.ts';

const maxPromotions = 5;

/** Adds a code. Its limits are checked again, and kept, when the order is placed. */
export async function applyCartPromotion(deps: Deps, principal: Principal, cartId: string, text: string): Promise<CartRow> {
  const code = checkCode(text);
  return changeCart(deps, principal, await requireOpenCart(deps, principal, cartId), async (tx, cart) => {
    if (cart.promotions.some((known) => known.code === code)) return;
    const found = await tx.promotion.findUnique({ where: { code } });
    const promotion = found === null ? null : toPromotionRow(found);
    const problem = promotion === null ? notFoundCode : whyNot(promotion, cart, deps.now());
    if (problem !== null) throw new UserFault(inputError(['code'], problem.code, problem.message));
    if (cart.promotions.length >= maxPromotions)
      throw new UserFault(inputError(['code'], 'TOO_MANY', `A cart has at most ${maxPromotions} codes.`));
    await tx.cartPromotion.create({ data: { cartId, promotionId: promotion?.id ?? '' } });
  });
}

/** Takes a code off. */
export async function removeCartPromotion(deps: Deps, principal: Principal, cartId: string, text: string): Promise<CartRow> {
  const code = checkCode(text);
  return changeCart(deps, principal, await requireOpenCart(deps, principal, cartId), async (tx, cart) => {
    const promotion = cart.promotions.find((known) => known.code === code);
    if (!promotion) throw new UserFault(notFound('code on this cart', null, ['code']));
    await tx.cartPromotion.delete({ where: { cartId_promotionId: { cartId, promotionId: promotion.id } } });
  });
}

const notFoundCode = { code: 'PROMOTION_UNKNOWN', message: 'There is no such code.' };

function checkCode(text: string): string {
  const check = new InputCheck();
  const code = check.text(text, ['code'], { max: 64 }).toUpperCase();
  check.finish();
  return code;
}

function whyNot(promotion: CartPromotionRow, cart: CartRow, now: Date): { code: string; message: string } | null {
  const state = promotionState(promotion, now);
  if (state === 'NOT_YET') return { code: 'PROMOTION_NOT_YET', message: 'This code is not valid yet.' };
  if (state === 'EXPIRED') return { code: 'PROMOTION_EXPIRED', message: 'This code is not valid any more.' };
  if (state === 'EXHAUSTED') return { code: 'PROMOTION_EXHAUSTED', message: 'This code is used up.' };
  const subtotal = cart.lines.reduce((sum, line) => sum + line.unitPriceMinor * line.quantity, 0);
  if (promotion.currency !== null && promotion.currency !== cart.currency)
    return { code: 'PROMOTION_NOT_APPLICABLE', message: `This code is for carts in ${promotion.currency}.` };
  if (!promotionApplies(promotion, cart.currency, subtotal))
    return { code: 'PROMOTION_MINIMUM', message: 'The goods are worth less than this code asks for.' };
  return null;
}
