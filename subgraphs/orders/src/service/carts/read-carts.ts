import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { type CartRow, findCarts, latestCartIds } from '../../data/cart-rows.ts';
import type { Deps } from '../deps.ts';
import { maySeeCart } from './cart-access.ts';

export type { CartRow };

/** Carts by id that the principal may see; others are null, as those that are not there. */
export async function readCarts(deps: Deps, principal: Principal, ids: readonly string[]): Promise<(CartRow | null)[]> {
  const rows = await findCarts(
    deps.db,
    ids.filter((id) => isId('crt', id)),
  );
  const visible = new Map(rows.filter((row) => maySeeCart(principal, row)).map((row) => [row.id, row]));
  return ids.map((id) => visible.get(id) ?? null);
}

/** The cart that each account used last; null where there is none or the principal may not see it. */
export async function readCartsOf(deps: Deps, principal: Principal, accountIds: readonly string[]): Promise<(CartRow | null)[]> {
  const latest = await latestCartIds(
    deps.db,
    accountIds.filter((accountId) => maySeeCart(principal, { accountId })),
  );
  return readCarts(
    deps,
    principal,
    accountIds.map((accountId) => latest.get(accountId) ?? ''),
  );
}
