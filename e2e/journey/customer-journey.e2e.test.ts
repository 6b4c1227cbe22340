import { randomUUID } from 'node:crypto';
import { withClient } from '@app/platform';
import type { Storefront } from '@clients/storefront';
import {
  AccountRegisterDocument,
  CartCreateDocument,
  CartPageDocument,
  EverythingDocument,
  OrderHistoryDocument,
  SearchPageDocument,
} from '@clients/storefront/documents';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sendOk } from '../support/gateway.ts';
import { changeCart, GOOD_CARD, placeOrder, purchasableVariants, readyCart } from '../support/shopping.ts';
import { ask, signedIn, visitor } from '../support/storefront.ts';

const email = `journey-${randomUUID()}@example.net`;
const password = 'walks through the whole shop';

/** A newcomer from the first look to the order history; the tests are the steps and need each other. */
describe('a newcomer', () => {
  const url = inject('gatewayUrl');
  let newcomer: Storefront;
  let cartId: string;
  let number: string;

  beforeAll(() => {
    newcomer = visitor(url);
  });

  it('looks around and searches without an account', async () => {
    const { productSearch } = await ask(newcomer, SearchPageDocument, { query: 'wool throw', currency: 'EUR' });
    expect(productSearch.totalCount).toBeGreaterThan(0);
    expect(productSearch.nodes[0]?.slug).toMatch(/throw/);
  });

  it('fills a cart without an account', async () => {
    const [variantId = ''] = await purchasableVariants(newcomer, 1);
    const cart = await changeCart(newcomer, CartCreateDocument, { currency: 'EUR', lines: [{ variantId, quantity: 2 }] });
    expect(cart.itemCount).toBe(2);
    cartId = cart.id;
  });

  it('registers, opens the link in the mail, and signs in', async () => {
    const input = { email, password, displayName: 'Jo the Newcomer' };
    const answer = await ask(newcomer, AccountRegisterDocument, { input });
    expect(answer).toMatchObject({ accountRegister: { accepted: true, userErrors: [] } });
    const link = await eventually(() => verificationToken(email));
    const confirm =
      'mutation Confirm($token: String!) { emailVerificationConfirm(input: { token: $token }) { accessToken userErrors { code } } }';
    expect(await sendOk(url, { query: confirm, variables: { token: link } })).toMatchObject({
      emailVerificationConfirm: { accessToken: expect.any(String), userErrors: [] },
    });
    expect(await newcomer.session.signIn(email, 'not the password')).toMatchObject({ kind: 'refused' });
    expect(await newcomer.session.signIn(email, password)).toEqual({ kind: 'signedIn' });
  });

  it('keeps the cart when it is claimed', async () => {
    const claim = 'mutation Claim($id: ID!) { cartClaim(cartId: $id) { cart { id itemCount } userErrors { code message } } }';
    const { cartClaim } = await sendOk<{ cartClaim: { cart: { id: string; itemCount: number } } }>(url, {
      query: claim,
      variables: { id: cartId },
      token: await newcomer.session.accessToken(),
    });
    expect(cartClaim).toMatchObject({ cart: { itemCount: 2 }, userErrors: [] });
  });

  it('orders once, however often the button is pressed', async () => {
    const cart = await readyCart(newcomer, await purchasableVariants(newcomer, 2));
    const idempotencyKey = randomUUID();
    const presses = await Promise.all([1, 2, 3].map(() => placeOrder(newcomer, cart, { idempotencyKey }).catch((error: unknown) => error)));
    const again = await eventually(async () => {
      const placed = await placeOrder(newcomer, cart, { idempotencyKey });
      expect(placed.order?.status).toBe('CONFIRMED');
      return placed;
    });
    expect(again.replayed).toBe(true);
    expect(presses).toHaveLength(3);
    number = again.order?.number ?? '';
  });

  it('finds exactly that order in the history', async () => {
    const { me } = await ask(newcomer, OrderHistoryDocument, {});
    expect(me?.orders?.nodes).toMatchObject([{ number, status: 'CONFIRMED' }]);
    expect(me?.orders?.totalCount).toBe(1);
  });

  it('reads orders, variants, products, reviews and authors in one answer', async () => {
    const { me } = await ask(newcomer, EverythingDocument, {});
    expect(me?.email).toBe(email);
    expect(me?.orders?.nodes[0]?.lines[0]?.variant?.product?.title).toMatch(/\S/);
  });
});

describe('at the checkout', () => {
  const url = inject('gatewayUrl');
  let customer: Storefront;

  beforeAll(async () => {
    customer = await signedIn(url, 'customer@example.com');
  });

  it('another total than the one seen is refused and charges nothing', async () => {
    const cart = await readyCart(customer, await purchasableVariants(customer, 1));
    const placed = await placeOrder(customer, cart, { expectedTotal: { minor: cart.totals.total.minor - 1, currency: 'EUR' } });
    expect(placed.userErrors).toMatchObject([{ __typename: 'PriceChangedError', code: 'PRICE_CHANGED' }]);
    expect(placed.order?.paymentStatus ?? 'NONE').toBe('NONE');
  });

  it('a declined card is a typed error, and the cart can be ordered with another one', async () => {
    const cart = await readyCart(customer, await purchasableVariants(customer, 1));
    const declined = await placeOrder(customer, cart, { paymentMethodToken: 'tok_declined' });
    expect(declined.userErrors).toMatchObject([{ __typename: 'PaymentDeclinedError' }]);
    const page = await ask(customer, CartPageDocument, { id: cart.id });
    if (!page.cart) throw new Error('the cart is gone');
    const placed = await placeOrder(customer, page.cart, { paymentMethodToken: GOOD_CARD });
    expect(placed.userErrors).toEqual([]);
    expect(placed.order?.status).toBe('CONFIRMED');
  });

  it('more than there is cannot be ordered', async () => {
    const [variantId = ''] = await purchasableVariants(customer, 1);
    const { cartCreate } = await ask(customer, CartCreateDocument, { currency: 'EUR', lines: [{ variantId, quantity: 5_000 }] });
    expect(cartCreate.cart?.lines[0]?.quantity ?? 0).toBeLessThan(5_000);
    expect(cartCreate.userErrors.length + cartCreate.warnings.length).toBeGreaterThan(0);
  });
});

/** The token of the mail that a newcomer got; mails wait in accounts' own table. */
async function verificationToken(recipient: string): Promise<string> {
  const rows = await withClient(inject('databaseUrls').accounts, async (client) => {
    const found = await client.query<{ text: string }>(
      `SELECT text FROM mail WHERE recipient = $1 AND kind = 'VERIFY_EMAIL' ORDER BY created_at DESC`,
      [recipient],
    );
    return found.rows;
  });
  const token = /token=(\S+)/.exec(rows[0]?.text ?? '')?.[1];
  if (token === undefined) throw new Error(`no mail with a link for ${recipient}`);
  return token;
}
