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

/** The cart, if the principal may change it now. @throws {UserFault} NOT_FOUND or CART_… */
export async function requireOpenCart(deps: Deps, principal: Principal, cartId: string): Promise<CartRow> {
  const cart = await requireCart(deps.db, principal, cartId);
  requireOpen(cart);
  return cart;
}

/**
 * Changes an open cart in one transaction and counts its version up. The first statement locks the row, so changes of one
 * cart queue, and a cart that is being ordered is not changed. `work` is given the cart as it is then.
 * @throws {UserFault} NOT_FOUND or CART_…
 */
export async function changeCart(
  deps: Deps,
  principal: Principal,
  { id: cartId }: CartRow,
  work: (tx: Tx, cart: CartRow) => Promise<CartChange | undefined> | Promise<void>,
): Promise<CartRow> {
  return withTx(deps.db, async (tx: Tx) => {
    const { count } = await tx.cart.updateMany({
      where: { id: cartId, status: 'OPEN' },
      data: { version: { increment: 1 }, expiresAt: new Date(deps.now().getTime() + cartTtlMs) },
    });
    // Whose it is by now is asked again: it may have been claimed since it was looked at.
    const cart = await requireCart(tx, principal, cartId);
    // One that is open again was being ordered a moment ago: it is neither locked nor counted, so it is not changed.
    if (count === 0) requireOpen({ ...cart, status: cart.status === 'OPEN' ? 'CHECKING_OUT' : cart.status });
    const change = await work(tx, cart);
    if (change) await tx.cart.update({ where: { id: cartId }, data: change });
    return (await findCart(tx, cartId)) ?? cart;
  });
}
