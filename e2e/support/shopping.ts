import { randomUUID } from 'node:crypto';
import { documentText } from './documents.ts';
import { sendOk } from './gateway.ts';

/** What the cart mutations answer, as far as tests read it. */
export interface CartAnswer {
  readonly cart: {
    readonly id: string;
    readonly version: number;
    readonly status: string;
    readonly itemCount: number;
    readonly lines: readonly {
      readonly id: string;
      readonly quantity: number;
      readonly variant: { readonly id: string; readonly sku: string } | null;
    }[];
    readonly shippingOptions: readonly { readonly id: string; readonly name: string }[];
    readonly totals: { readonly subtotal: Amount; readonly total: Amount };
  } | null;
  readonly warnings: readonly { readonly code: string }[];
  readonly userErrors: readonly UserError[];
}

export interface Amount {
  readonly minor: number;
  readonly currency: string;
  readonly decimal: string;
}

export interface UserError {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[] | null;
}

export interface PlacedOrder {
  readonly replayed: boolean;
  readonly order: {
    readonly id: string;
    readonly number: string;
    readonly status: string;
    readonly paymentStatus: string;
    readonly totals: { readonly total: Amount };
    readonly lines: readonly { readonly id: string; readonly sku: string; readonly quantity: number }[];
  } | null;
  readonly userErrors: readonly UserError[];
}

/** A shopper: the gateway and who is asking. */
export interface Shopper {
  readonly url: string;
  readonly token?: string | undefined;
}

export const homeAddress = {
  name: 'Clara Becker',
  line1: 'Lindenallee 12',
  city: 'Hamburg',
  postalCode: '20259',
  countryCode: 'DE',
} as const;

/** Accepted by the sandbox payment provider. */
export const GOOD_CARD = 'tok_visa';

/** Variants that can be bought, cheapest first, in euros. */
export async function purchasableVariants({ url }: Shopper, count: number): Promise<string[]> {
  interface Data {
    products: { nodes: { variants: { nodes: { id: string; availability: { purchasable: boolean; maxOrderQuantity: number } }[] } }[] };
  }
  const query = `query InStock { products(first: 40, filter: { inStock: true }) { nodes { variants(first: 5) { nodes { id availability { purchasable maxOrderQuantity } } } } } }`;
  const { products } = await sendOk<Data>(url, { query });
  const found = products.nodes.flatMap(({ variants }) =>
    variants.nodes.filter(({ availability }) => availability.purchasable && availability.maxOrderQuantity >= 3).slice(0, 1),
  );
  return found.slice(0, count).map(({ id }) => id);
}

/** Calls a cart mutation of clients/operations and returns its cart. @throws Error on user errors. */
export async function changeCart(
  shopper: Shopper,
  document: string,
  variables: Record<string, unknown>,
): Promise<NonNullable<CartAnswer['cart']>> {
  const data = await sendOk<Record<string, CartAnswer>>(shopper.url, { query: documentText(document), variables, token: shopper.token });
  const [answer] = Object.values(data);
  if (!answer?.cart || answer.userErrors.length > 0) throw new Error(`${document}: ${JSON.stringify(answer)}`);
  return answer.cart;
}

/** A cart with an address and a shipping method, ready for {@link placeOrder}. */
export async function readyCart(
  shopper: Shopper,
  variantIds: readonly string[],
  email = 'shopper@example.com',
): Promise<NonNullable<CartAnswer['cart']>> {
  const created = await changeCart(shopper, 'cart-create', {
    currency: 'EUR',
    lines: variantIds.map((variantId) => ({ variantId, quantity: 1 })),
  });
  const contact = { shippingAddress: homeAddress, billingAddress: homeAddress, email };
  const addressed = await changeCart(shopper, 'checkout-contact', { cartId: created.id, input: contact });
  const [option] = addressed.shippingOptions;
  if (!option) throw new Error('no shipping option for Hamburg');
  return changeCart(shopper, 'checkout-shipping', { cartId: created.id, optionId: option.id });
}

/** Places the order for what the cart shows. */
export async function placeOrder(
  shopper: Shopper,
  cart: NonNullable<CartAnswer['cart']>,
  changes: Record<string, unknown> = {},
): Promise<PlacedOrder> {
  const { minor, currency } = cart.totals.total;
  const input = {
    cartId: cart.id,
    cartVersion: cart.version,
    expectedTotal: { minor, currency },
    paymentMethodToken: GOOD_CARD,
    idempotencyKey: randomUUID(),
    ...changes,
  };
  const data = await sendOk<{ orderPlace: PlacedOrder }>(shopper.url, {
    query: documentText('order-place'),
    variables: { input },
    token: shopper.token,
  });
  return data.orderPlace;
}
