import type { Principal } from '@app/auth';
import { newId, withTx } from '@app/database';
import { AppError } from '@app/errors';
import { notFound, UserFault } from '@app/subgraph';
import { type CartLineRow, type CartRow, findCart, latestCartIds } from '../../data/cart-rows.ts';
import type { Tx } from '../../data/database.ts';
import type { Deps } from '../deps.ts';
import { mayUseCart, requireCart, requireOpen } from './cart-access.ts';
import { maxCartLines, maxLineQuantity } from './cart-lines.ts';
import { cartTtlMs } from './change-cart.ts';

/**
 * Gives a guest's cart to the account that signed in: its lines go into the account's open cart of the same currency, or
 * it becomes the account's cart itself. Repeating it answers the same cart.
 */
export async function claimCart(deps: Deps, principal: Principal, cartId: string): Promise<CartRow> {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  const before = await requireCart(deps.db, principal, cartId);
  const merged = before.mergedIntoId === null ? null : await findCart(deps.db, before.mergedIntoId);
  if (merged !== null) return requireOwn(merged, principal, cartId);
  if (before.accountId === principal.id) return before;
  requireOpen(before);
  return withTx(deps.db, async (tx: Tx) => {
    // The account's own cart is locked first in every claim, the guest's second: claims queue and cannot deadlock.
    const ownId = (await latestCartIds(tx, [principal.id])).get(principal.id);
    const own = ownId === undefined ? null : await lockOpen(tx, ownId);
    const guest = await lockOpen(tx, cartId);
    if (guest === null || guest.accountId !== null) return claimedByNow(tx, principal, cartId);
    if (own === null || own.currency !== guest.currency) return adopt(deps, tx, principal.id, guest);
    return merge(deps, tx, guest, own);
  });
}

async function lockOpen(tx: Tx, id: string): Promise<CartRow | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM cart WHERE id = ${id} AND status = 'OPEN' FOR UPDATE`;
  return rows.length === 0 ? null : findCart(tx, id);
}

/** Somebody was faster: the same person in another tab, or a checkout. */
async function claimedByNow(tx: Tx, principal: Principal, cartId: string): Promise<CartRow> {
  const cart = await requireCart(tx, principal, cartId);
  const merged = cart.mergedIntoId === null ? null : await findCart(tx, cart.mergedIntoId);
  if (merged !== null) return requireOwn(merged, principal, cartId);
  if (cart.accountId === null) requireOpen(cart);
  return cart;
}

function requireOwn(cart: CartRow, principal: Principal, askedFor: string): CartRow {
  if (!mayUseCart(principal, cart)) throw new UserFault(notFound('cart', askedFor, ['cartId']));
  return cart;
}

async function adopt(deps: Deps, tx: Tx, accountId: string, guest: CartRow): Promise<CartRow> {
  const expiresAt = new Date(deps.now().getTime() + cartTtlMs);
  await tx.cart.update({ where: { id: guest.id }, data: { accountId, version: { increment: 1 }, expiresAt } });
  return (await findCart(tx, guest.id)) ?? guest;
}

/** Quantities of a variant in both are added up, as cartLinesAdd does. What is too much for one cart is left out. */
async function merge(deps: Deps, tx: Tx, guest: CartRow, own: CartRow): Promise<CartRow> {
  let room = maxCartLines - own.lines.length;
  for (const line of guest.lines) {
    const known = own.lines.find((candidate) => candidate.variantId === line.variantId);
    if (known) {
      const quantity = Math.min(maxLineQuantity, known.quantity + line.quantity);
      await tx.cartLine.update({ where: { id: known.id }, data: { quantity } });
    } else if (room > 0) {
      room -= 1;
      await tx.cartLine.create({ data: { ...factsOf(line), id: newId('cln'), cartId: own.id } });
    }
  }
  const promotions = guest.promotions.map((promotion) => ({ cartId: own.id, promotionId: promotion.id }));
  await tx.cartPromotion.createMany({ data: promotions, skipDuplicates: true });
  await tx.cart.update({ where: { id: guest.id }, data: { status: 'EXPIRED', mergedIntoId: own.id, accountId: own.accountId } });
  await tx.cart.update({
    where: { id: own.id },
    data: { version: { increment: 1 }, expiresAt: new Date(deps.now().getTime() + cartTtlMs) },
  });
  return (await findCart(tx, own.id)) ?? own;
}

function factsOf({ variantId, quantity, productId, sku, title, imageUrl, unitPriceMinor, weightGrams, taxCategory }: CartLineRow) {
  return { variantId, quantity, productId, sku, title, imageUrl, unitPriceMinor: BigInt(unitPriceMinor), weightGrams, taxCategory };
}
