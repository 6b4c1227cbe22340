import { hasScope, type Principal } from '@app/auth';
import { isId } from '@app/database';
import { conflict, notFound, UserFault } from '@app/subgraph';
import { type CartRow, findCart } from '../../data/cart-rows.ts';
import type { Queryable } from '../../data/database.ts';

/**
 * Whether a principal may use a cart. Without an owner its id is the capability (122 random and time bits); with one, only
 * the owner. A cart of somebody else looks like no cart.
 */
export function mayUseCart(principal: Principal, cart: Pick<CartRow, 'accountId'>): boolean {
  return cart.accountId === null || (principal.kind === 'user' && principal.id === cart.accountId);
}

/** Whether a principal may look at a cart: its user, and staff that reads orders. */
export function maySeeCart(principal: Principal, cart: Pick<CartRow, 'accountId'>): boolean {
  return mayUseCart(principal, cart) || hasScope(principal, 'orders:read');
}

/** The cart, if the principal may use it. @throws {UserFault} NOT_FOUND. */
export async function requireCart(db: Queryable, principal: Principal, id: string, path: readonly string[] = ['cartId']): Promise<CartRow> {
  const cart = isId('crt', id) ? await findCart(db, id) : null;
  if (cart === null || !mayUseCart(principal, cart)) throw new UserFault(notFound('cart', id, path));
  return cart;
}

/** Why a cart cannot be changed now. @throws {UserFault} always, unless it is open. */
export function requireOpen(cart: Pick<CartRow, 'status' | 'version'>, path: readonly string[] = ['cartId']): void {
  const messages = {
    CHECKING_OUT: 'An order is being placed with this cart: wait for its outcome.',
    ORDERED: 'This cart was ordered: make a new one.',
    EXPIRED: 'This cart has expired: make a new one.',
  };
  if (cart.status !== 'OPEN') throw new UserFault(conflict(`CART_${cart.status}`, messages[cart.status], cart.version, path));
}
