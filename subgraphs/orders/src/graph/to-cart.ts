import { MoneyType, PostalAddress } from '@app/subgraph';
import type { ShippingChoice } from '../domain/shipping.ts';
import { type CartView, viewCart } from '../service/carts/cart-view.ts';
import type { CartRow } from '../service/carts/read-carts.ts';
import type { Deps } from '../service/deps.ts';
import { Cart, CartLine, CartProblem, ShippingOption } from './cart.type.ts';

/** The GraphQL face of a cart; prices and problems are computed when first asked for, and once. */
export function toCart(deps: Deps, row: CartRow): Cart {
  const { id, version, status, currency, email, expiresAt } = row;
  let view: Promise<CartView> | undefined;
  return Object.assign(new Cart(), {
    id,
    version,
    status,
    currency,
    email,
    expiresAt,
    shippingAddress: row.shippingAddress && Object.assign(new PostalAddress(), row.shippingAddress),
    billingAddress: row.billingAddress && Object.assign(new PostalAddress(), row.billingAddress),
    view: () => {
      view ??= viewCart(deps, row);
      return view;
    },
  });
}

export function toCartLines(view: CartView): CartLine[] {
  const of = (minor: number) => MoneyType.of({ minor, currency: view.currency });
  return view.lines.map(({ id, variantId, quantity, unitPriceMinor, discountMinor, totalMinor }) =>
    Object.assign(new CartLine(), {
      id,
      variantId,
      quantity,
      unitPrice: of(unitPriceMinor),
      discount: of(discountMinor),
      total: of(totalMinor),
    }),
  );
}

export function toCartProblems(view: CartView): CartProblem[] {
  const lines = toCartLines(view);
  return view.problems.map(({ code, lineId, message }) =>
    Object.assign(new CartProblem(), { code, message, line: lines.find(({ id }) => id === lineId) ?? null }),
  );
}

export function toShippingOption({ id, name, priceMinor, earliest, latest }: ShippingChoice, currency: string): ShippingOption {
  return Object.assign(new ShippingOption(), { id, name, price: MoneyType.of({ minor: priceMinor, currency }), earliest, latest });
}
