import type { Principal } from '@app/auth';
import { withTx } from '@app/database';
import { type CartRow, findCart } from '../../data/cart-rows.ts';

import type { Prisma, Tx } from '../../data/database.ts';
import type { Deps } from '../deps.ts';
import { requireCart, requireOpen } from './cart-access.ts';

/** How long an unused cart is kept. */
export const cartTtlMs = 30 * 86_400_000;

/** What a change does besides its own rows: columns of the cart itself. */
export type CartChange = Prisma.CartUpdateManyMutationInput;

/**
 * Changes an open cart in one transaction and counts its version up. The first statement locks the row, so changes of one
 * cart queue, and a cart that is being ordered is not changed.
 * @throws {UserFault} NOT_FOUND or CART_…
 */
export async function changeCart(
  deps: Deps,
  principal: Principal,
  cartId: string,
  work: (tx: Tx, cart: CartRow) => Promise<CartChange | undefined> | Promise<void>,
): Promise<CartRow> {
  const before = await requireCart(deps.db, principal, cartId);
  requireOpen(before);
  return withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.cart.updateMany({
      where: { id: cartId, status: 'OPEN', accountId: before.accountId },
      data: { version: { increment: 1 }, expiresAt: new Date(deps.now().getTime() + cartTtlMs) },
    });
    const cart = await requireCart(tx, principal, cartId);
    if (count === 0) requireOpen(cart);
    const change = await work(tx, cart);
    if (change) await tx.cart.update({ where: { id: cartId }, data: change });
    return (await findCart(tx, cartId)) ?? cart;
  });
}
