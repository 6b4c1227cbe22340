import { randomUUID } from 'node:crypto';
import { gql } from '@apollo/client';
import type { Storefront } from '@clients/storefront';
import {
  CartCreateDocument,
  CheckoutContactDocument,
  CheckoutShippingDocument,
  OrderPlaceDocument,
  type OrderPlaceMutation,
} from '@clients/storefront/documents';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ask } from './storefront.ts';

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

/** What placing an order answers. */
export type PlacedOrder = OrderPlaceMutation['orderPlace'];

export const homeAddress = {
  name: 'Clara Becker',
  line1: 'Lindenallee 12',
  city: 'Hamburg',
  postalCode: '20259',
  countryCode: 'DE',
} as const;

/** Accepted by the sandbox payment provider. */
export const GOOD_CARD = 'tok_visa';

interface InStock {
  products: { nodes: { variants: { nodes: { id: string; availability: { purchasable: boolean; maxOrderQuantity: number } }[] } }[] };
}

/** Not among the documents that clients send. */
const InStockDocument: TypedDocumentNode<InStock, Record<string, never>> = gql`
  query InStock {
    products(first: 40, filter: { inStock: true }) {
      nodes {
        variants(first: 5) {
          nodes {
            id
            availability {
              purchasable
              maxOrderQuantity
            }
          }
        }
      }
    }
  }
`;

/** Variants that can be bought, cheapest first, in euros. */
export async function purchasableVariants(shopper: Storefront, count: number): Promise<string[]> {
  const { products } = await ask(shopper, InStockDocument, {});
  const found = products.nodes.flatMap(({ variants }) =>
    variants.nodes.filter(({ availability }) => availability.purchasable && availability.maxOrderQuantity >= 3).slice(0, 1),
  );
  return found.slice(0, count).map(({ id }) => id);
}

/** Calls a cart mutation of clients/operations and returns its cart. @throws Error on user errors. */
export async function changeCart<Variables extends Record<string, unknown>>(
  shopper: Storefront,
  document: TypedDocumentNode<Readonly<Record<string, CartAnswer>>, Variables>,
  variables: Variables,
): Promise<NonNullable<CartAnswer['cart']>> {
  const [answer] = Object.values(await ask(shopper, document, variables));
  if (!answer?.cart || answer.userErrors.length > 0) throw new Error(`the cart did not change: ${JSON.stringify(answer)}`);
  return answer.cart;
}

/** A cart with an address and a shipping method, ready for {@link placeOrder}. */
export async function readyCart(
  shopper: Storefront,
  variantIds: readonly string[],
  email = 'shopper@example.com',
): Promise<NonNullable<CartAnswer['cart']>> {
  const lines = variantIds.map((variantId) => ({ variantId, quantity: 1 }));
  const created = await changeCart(shopper, CartCreateDocument, { currency: 'EUR', lines });
  const contact = { shippingAddress: homeAddress, billingAddress: homeAddress, email };
  const addressed = await changeCart(shopper, CheckoutContactDocument, { cartId: created.id, input: contact });
  const [option] = addressed.shippingOptions;
  if (!option) throw new Error('no shipping option for Hamburg');
  return changeCart(shopper, CheckoutShippingDocument, { cartId: created.id, optionId: option.id });
}

/** What a test asks for otherwise than {@link placeOrder} does by itself. */
interface OrderChanges {
  readonly expectedTotal?: { readonly minor: number; readonly currency: string };
  readonly paymentMethodToken?: string;
  readonly idempotencyKey?: string;
}

/** Places the order for what the cart shows. */
export async function placeOrder(
  shopper: Storefront,
  cart: Pick<NonNullable<CartAnswer['cart']>, 'id' | 'version' | 'totals'>,
  changes: OrderChanges = {},
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
  return (await ask(shopper, OrderPlaceDocument, { input })).orderPlace;
}
