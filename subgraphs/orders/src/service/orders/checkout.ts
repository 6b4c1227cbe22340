import { money } from '@app/money';
import { conflict, InputCheck, UserFault } from '@app/subgraph';
import type { CartRow } from '../../data/cart-rows.ts';
import type { OrderProblem } from '../../domain/order-problem.ts';
import { requireOpen } from '../carts/cart-access.ts';
import { type CartView, viewCart } from '../carts/cart-view.ts';
import type { Deps } from '../deps.ts';

/** What the customer saw when they ordered. */
export interface SeenCart {
  readonly cartVersion: number;
  readonly expectedTotal: { readonly minor: number; readonly currency: string };
}

/** A cart that can be ordered as the customer saw it, or what stands in the way. */
export type Checkout = { readonly view: CartView } | { readonly problems: readonly OrderProblem[] };

/** Looks at a cart once more before it is ordered: complete, unchanged, available, at the total the customer saw. @throws {UserFault} */
export async function checkOut(deps: Deps, cart: CartRow, seen: SeenCart): Promise<Checkout> {
  requireOpen(cart, ['input', 'cartId']);
  requireComplete(cart);
  if (cart.version !== seen.cartVersion) {
    throw new UserFault(
      conflict('CART_CHANGED', 'The cart was changed since it was shown: show it again.', cart.version, ['input', 'cartVersion']),
    );
  }
  const view = await viewCart(deps, cart, { lenient: false });
  const problems = problemsOf(cart, view, seen);
  return problems.length > 0 ? { problems } : { view };
}

function requireComplete(cart: CartRow): void {
  const check = new InputCheck();
  const path = ['input', 'cartId'];
  check.require(cart.lines.length > 0, path, 'CART_EMPTY', 'The cart is empty: put something in.');
  check.require(cart.email !== null, path, 'EMAIL_REQUIRED', 'Set an e-mail address with cartContactSet.');
  check.require(cart.shippingAddress !== null, path, 'ADDRESS_REQUIRED', 'Set a shipping address with cartContactSet.');
  check.require(
    cart.shippingAddress === null || cart.shippingRateId !== null,
    path,
    'SHIPPING_REQUIRED',
    'Choose a shipping option with cartShippingSelect.',
  );
  check.finish();
}

function problemsOf(cart: CartRow, view: CartView, { expectedTotal }: SeenCart): OrderProblem[] {
  const blocking = view.problems.filter(
    ({ code }) => code === 'OUT_OF_STOCK' || code === 'QUANTITY_REDUCED' || code === 'VARIANT_UNAVAILABLE',
  );
  if (blocking.length > 0) {
    const variantIds = blocking.flatMap(({ lineId }) => cart.lines.find((line) => line.id === lineId)?.variantId ?? []);
    return [{ kind: 'out_of_stock', message: blocking.map(({ message }) => message).join(' '), variantIds }];
  }
  if (view.selectedShipping === null) {
    return [
      {
        kind: 'other',
        code: 'SHIPPING_UNAVAILABLE',
        message: 'The shipping method is not offered for this cart any more: choose another one.',
        path: ['input', 'cartId'],
      },
    ];
  }
  if (expectedTotal.currency === view.currency && expectedTotal.minor === view.totalMinor) return [];
  const actual = money(view.totalMinor, view.currency);
  return [
    {
      kind: 'price_changed',
      message: 'The total has changed: show it again, then order.',
      expected: money(expectedTotal.minor, expectedTotal.currency),
      actual,
    },
  ];
}
