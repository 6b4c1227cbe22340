import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { documentText } from '../support/documents.ts';
import { send } from '../support/gateway.ts';
import { pick } from './random.ts';

/** What came of one wish to buy. */
export type Purchase =
  | { readonly kind: 'placed'; readonly key: string; readonly orderId: string; readonly ms: number; readonly tries: number }
  /** Sold out, declined, changed meanwhile: an answer. */
  | { readonly kind: 'refused'; readonly key: string; readonly code: string; readonly ms: number; readonly tries: number }
  /** No answer to the order itself, however often it was asked for. */
  | { readonly kind: 'unanswered'; readonly key: string }
  /** The shop could not be used up to there. */
  | { readonly kind: 'failed'; readonly reason: string };

/** One who buys: with what money, and from when on no more. */
export interface Buyer {
  readonly url: string;
  readonly random: () => number;
  readonly variantIds: readonly string[];
  readonly signal: AbortSignal;
  /** What is paid with; mostly good cards unless given. */
  readonly cards?: readonly string[];
  /** Longest rest between two purchases, in milliseconds. Default 350. */
  readonly restMs?: number;
}

/** Mostly good cards; some are declined, of some the provider's answer gets lost, and some the bank confirms a moment later. */
const CARDS = [
  ...['tok_visa', 'tok_visa', 'tok_visa', 'tok_visa', 'tok_confirmed_later', 'tok_confirmed_later'],
  ...['tok_declined', 'tok_insufficient_funds', 'tok_timeout_succeeded'],
];

const ADDRESS = { name: 'Chaos Buyer', line1: 'Lindenallee 12', city: 'Hamburg', postalCode: '20259', countryCode: 'DE' };

/** How often an order that was not answered is asked for again, under the same key. */
const MOST_TRIES = 30;

interface Cart {
  readonly id: string;
  readonly version: number;
  readonly shippingOptions: readonly { readonly id: string }[];
  readonly totals: { readonly total: { readonly minor: number; readonly currency: string } };
}

interface Payload {
  readonly cart?: Cart | null;
  readonly order?: { readonly id: string; readonly status: string; readonly failureReason: string | null } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

/** Buys until the signal aborts; what is begun is brought to an end. */
export async function keepBuying(buyer: Buyer, onPurchase: (purchase: Purchase) => void): Promise<void> {
  while (!buyer.signal.aborted) {
    onPurchase(await buyOnce(buyer));
    await delay(buyer.random() * (buyer.restMs ?? 350));
  }
}

async function buyOnce(buyer: Buyer): Promise<Purchase> {
  const key = randomUUID();
  let cart: Cart;
  try {
    cart = await filledCart(buyer);
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
  const input = {
    cartId: cart.id,
    cartVersion: cart.version,
    expectedTotal: { minor: cart.totals.total.minor, currency: cart.totals.total.currency },
    paymentMethodToken: pick(buyer.random, buyer.cards ?? CARDS),
    idempotencyKey: key,
  };
  return placeUntilAnswered(buyer.url, input);
}

async function filledCart({ url, random, variantIds }: Buyer): Promise<Cart> {
  const lines = [...new Set([pick(random, variantIds), pick(random, variantIds)])].map((variantId) => ({
    variantId,
    quantity: 1 + Math.floor(random() * 3),
  }));
  const { id: cartId } = await change(url, 'cart-create', { currency: 'EUR', lines });
  const contact = { shippingAddress: ADDRESS, billingAddress: ADDRESS, email: 'chaos@example.com' };
  const { shippingOptions } = await change(url, 'checkout-contact', { cartId, input: contact });
  return change(url, 'checkout-shipping', { cartId, optionId: pick(random, shippingOptions).id });
}

async function change(url: string, document: string, variables: Record<string, unknown>): Promise<Cart> {
  const answer = await send<Record<string, Payload>>(url, { query: documentText(document), variables });
  const [payload] = Object.values(answer.data ?? {});
  if (payload?.cart && payload.userErrors.length === 0) return payload.cart;
  const codes = [
    ...(payload?.userErrors.map(({ code }) => code) ?? []),
    ...(answer.errors ?? []).map(({ extensions }) => extensions?.code ?? '?'),
  ];
  throw new Error(`${document}: ${codes.join(', ')}`);
}

/** Asks for the order until there is an answer to it. Whatever was lost, the key lets it happen once. */
export async function placeUntilAnswered(url: string, input: { readonly idempotencyKey: string }): Promise<Purchase> {
  const startedAt = performance.now();
  const key = input.idempotencyKey;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const payload = await place(url, input);
    const ms = performance.now() - startedAt;
    const { order } = payload ?? {};
    if (order?.status === 'REJECTED') return { kind: 'refused', key, code: order.failureReason ?? 'REJECTED', ms, tries };
    if (order) return { kind: 'placed', key, orderId: order.id, ms, tries };
    const [refusal] = payload?.userErrors ?? [];
    if (refusal !== undefined && refusal.code !== 'IDEMPOTENCY_IN_PROGRESS') return { kind: 'refused', key, code: refusal.code, ms, tries };
    await delay(Math.min(250 * tries, 2_000));
  }
  return { kind: 'unanswered', key };
}

async function place(url: string, input: object): Promise<Payload | undefined> {
  const answer = await send<{ orderPlace: Payload | null }>(url, { query: documentText('order-place'), variables: { input } }).catch(
    () => undefined,
  );
  return answer?.data?.orderPlace ?? undefined;
}
