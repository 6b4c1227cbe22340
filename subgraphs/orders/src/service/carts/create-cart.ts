import type { Principal } from '@app/auth';
import { newId, withTx } from '@app/database';
import { type CartRow, findCart } from '../../data/cart-rows.ts';
import type { Tx } from '../../data/database.ts';
import type { Deps } from '../deps.ts';
import type { CatalogueVariant } from '../ports.ts';
import { checkLinesToAdd, type LineToAdd, putLines, sellableVariants } from './cart-lines.ts';
import { cartTtlMs } from './change-cart.ts';

/** What a new cart starts with. */
export interface NewCart {
  readonly currency: string | null;
  readonly lines: readonly LineToAdd[] | null;
}

/** Makes a cart: of the account when somebody is signed in, else a guest's. */
export async function createCart(deps: Deps, principal: Principal, input: NewCart): Promise<CartRow> {
  const path = ['input', 'lines'];
  const lines = input.lines ?? [];
  const currency = input.currency ?? 'EUR';
  if (lines.length > 0) checkLinesToAdd(lines, path);
  const variants = lines.length > 0 ? await sellableVariants(deps, lines, currency, path) : new Map<string, CatalogueVariant>();
  return withTx(deps.db, async (tx: Tx) => {
    const id = newId('crt');
    const accountId = principal.kind === 'user' ? principal.id : null;
    await tx.cart.create({ data: { id, accountId, currency, expiresAt: new Date(deps.now().getTime() + cartTtlMs) } });
    const cart = await findCart(tx, id);
    if (cart === null) throw new Error(`cart ${id} vanished while it was made`);
    await putLines(tx, cart, lines, variants, path);
    return (await findCart(tx, id)) ?? cart;
  });
}
