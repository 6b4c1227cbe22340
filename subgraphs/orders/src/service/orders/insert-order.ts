import { newId } from '@app/database';
import type { CartRow } from '../../data/cart-rows.ts';
import type { Tx } from '../../data/database.ts';
import { toJson, toJsonOrNull } from '../../data/json.ts';
import { addEntry } from '../../data/order-entries.ts';
import { loadOrder } from '../../data/order-rows.ts';
import { guestToken, hashGuestToken } from '../../domain/guest-token.ts';
import { newOrderNumber } from '../../domain/order-number.ts';
import type { CartView } from '../carts/cart-view.ts';
import type { Deps } from '../deps.ts';
import { publishSubmitted } from './order-events.ts';

/** A cart at the moment it is ordered. */
export interface OrderedCart {
  readonly orderId: string;
  readonly cart: CartRow;
  readonly view: CartView;
}

/** Writes an order as a snapshot of its cart: what was bought, at these prices, whatever the catalogue says later. */
export async function insertOrder(deps: Deps, tx: Tx, { orderId, cart, view }: OrderedCart): Promise<void> {
  const now = deps.now();
  const isGuest = cart.accountId === null;
  await tx.order.create({
    data: {
      id: orderId,
      number: newOrderNumber(),
      cartId: cart.id,
      accountId: cart.accountId,
      email: cart.email ?? '',
      guestTokenHash: isGuest ? hashGuestToken(guestToken(deps.guestKey, orderId)) : null,
      currency: view.currency,
      subtotalMinor: BigInt(view.subtotalMinor),
      discountMinor: BigInt(view.discountMinor),
      shippingMinor: BigInt(view.shippingMinor),
      taxMinor: BigInt(view.taxMinor),
      totalMinor: BigInt(view.totalMinor),
      taxLines: toJson(view.taxLines.map(({ title, rate, minor }) => ({ title, rate, minor }))),
      promotions: toJson(
        view.promotions
          .filter(({ discountMinor }) => discountMinor > 0)
          .map(({ id, code, title, discountMinor }) => ({ id, code, title, discountMinor })),
      ),
      shippingAddress: toJsonOrNull(cart.shippingAddress),
      billingAddress: toJsonOrNull(cart.billingAddress),
      shippingMethodName: view.selectedShipping?.name ?? '',
      placedAt: now,
      updatedAt: now,
      lines: { create: view.lines.map((line, position) => lineData(line, position)) },
    },
  });
  await addEntry(tx, orderId, { kind: 'PLACED', message: 'The order was placed.', actor: cart.accountId ?? 'guest' });
  await publishSubmitted(tx, await loadOrder(tx, orderId));
}

function lineData(line: CartView['lines'][number], position: number) {
  const { variantId, productId, sku, title, imageUrl, quantity } = line;
  return {
    id: newId('oln'),
    position,
    variantId,
    productId,
    sku,
    title,
    imageUrl,
    quantity,
    unitPriceMinor: BigInt(line.unitPriceMinor),
    discountMinor: BigInt(line.discountMinor),
    taxMinor: BigInt(line.taxMinor),
    totalMinor: BigInt(line.totalMinor),
  };
}
