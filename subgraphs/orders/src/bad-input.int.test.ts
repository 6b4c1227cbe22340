import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrdersKit, orderOf, type ReadyCart } from './testing/orders-kit.ts';

let kit: OrdersKit;
let staff: Principal;
let buyer: Principal;
let ids: {
  cart: ReadyCart;
  line: string;
  variant: string;
  ordered: string;
  order: string;
  orderLine: string;
  payment: string;
  foreignCart: string;
};

beforeAll(async () => {
  kit = await OrdersKit.start();
  [staff, buyer] = [kit.person('ADMIN'), kit.person()];
  const variant = kit.stock.offer(1);
  const cart = await kit.readyCart([{ variantId: variant, quantity: 1 }], buyer);
  const ordered = await kit.readyCart([{ variantId: variant, quantity: 1 }], buyer);
  const order = orderOf(await kit.place(ordered, buyer));
  const foreign = await kit.readyCart([{ variantId: variant, quantity: 1 }], kit.person());
  ids = {
    cart,
    variant,
    ordered: ordered.id,
    order: order.id,
    line: (await kit.db.cartLine.findFirstOrThrow({ where: { cartId: cart.id } })).id,
    orderLine: (order['lines'] as { id: string }[])[0]?.id ?? '',
    payment: (order['payments'] as { id: string }[])[0]?.id ?? '',
    foreignCart: foreign.id,
  };
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Everything that is stored, so that a partial write shows. */
const state = () =>
  kit.db
    .$queryRaw`SELECT (SELECT json_agg(c ORDER BY id) FROM cart c)::text AS c, (SELECT json_agg(l ORDER BY id) FROM cart_line l)::text AS l,
    (SELECT json_agg(o ORDER BY id) FROM orders o)::text AS o, (SELECT json_agg(l ORDER BY id) FROM order_line l)::text AS ol,
    (SELECT json_agg(p ORDER BY id) FROM payment p)::text AS p, (SELECT count(*)::int FROM event) AS e, (SELECT count(*)::int FROM workflow.run) AS r,
    (SELECT count(*)::int FROM idempotency_key) AS k, (SELECT count(*)::int FROM payment_operation) AS po, (SELECT count(*)::int FROM order_entry) AS oe,
    (SELECT count(*)::int FROM order_return) AS re, (SELECT count(*)::int FROM fulfillment) AS f, (SELECT count(*)::int FROM cart_promotion) AS cp`;

const NUL = 'a\u0000b';
const long = (length: number) => 'x'.repeat(length + 1);
const wrongIds = ['', 'x', NUL, 'crt_1', `crt_${'g'.repeat(32)}`, long(10_000), "' OR 1=1 --", '🙂', '\ud800'];
const texts = (max: number) => ['', ' \n ', long(max), NUL, '\ud800', 'a\u0007b'];
const key = () => newId('key');
const badKeys = ['', 'short', long(128), NUL, 'has space in it', 'ümlaut-key'];

interface Mutation {
  readonly name: string;
  readonly signature: string;
  readonly call: string;
  readonly good: () => Record<string, unknown>;
  /** Values that must be refused, by path into the variables. */
  readonly bad: Readonly<Record<string, readonly unknown[]>>;
  readonly who: () => Principal;
}

const address = { name: 'Ada', line1: 'Street 1', city: 'Bonn', countryCode: 'DE' };
const counts = [0, -1, 100, 2 ** 31 - 1];
const amounts = [
  { minor: 0, currency: 'EUR' },
  { minor: -1, currency: 'EUR' },
  { minor: Number.MAX_SAFE_INTEGER, currency: 'EUR' },
  { minor: 1, currency: 'JPY' },
];
const onCart = (name: string, signature: string, call: string, more: Record<string, unknown>, bad: Mutation['bad']): Mutation => ({
  name,
  signature: `$cartId: ID!${signature}`,
  call: `cartId: $cartId${call}`,
  good: () => ({ cartId: ids.cart.id, ...more }),
  bad: { cartId: wrongIds, ...bad },
  who: () => buyer,
});
const onOrder = (
  name: string,
  type: string,
  argument: string,
  id: () => string,
  input: () => object,
  bad: Mutation['bad'],
  who: () => Principal,
): Mutation => ({
  name,
  signature: `$id: ID!, $input: ${type}!`,
  call: `${argument}: $id, input: $input`,
  good: () => ({ id: id(), input: { idempotencyKey: key(), ...input() } }),
  bad: { id: wrongIds, 'input.idempotencyKey': badKeys, ...bad },
  who,
});

const mutations: Mutation[] = [
  {
    name: 'cartCreate',
    signature: '$input: CartCreateInput!',
    call: 'input: $input',
    good: () => ({ input: { lines: [{ variantId: ids.variant, quantity: 1 }] } }),
    who: () => buyer,
    bad: {
      'input.lines.0.variantId': wrongIds,
      'input.lines.0.quantity': counts,
      'input.lines': [Array(51).fill({ variantId: 'x', quantity: 1 })],
      'input.currency': ['JPY'],
    },
  },
  onCart(
    'cartLinesAdd',
    ', $lines: [CartLineInput!]!',
    ', lines: $lines',
    { lines: [{ variantId: 'var_', quantity: 1 }] },
    { 'lines.0.variantId': wrongIds, 'lines.0.quantity': counts, lines: [[], Array(51).fill({ variantId: 'x', quantity: 1 })] },
  ),
  onCart(
    'cartLinesUpdate',
    ', $lines: [CartLineUpdateInput!]!',
    ', lines: $lines',
    { lines: [{ lineId: 'cln_', quantity: 1 }] },
    { 'lines.0.lineId': wrongIds, 'lines.0.quantity': counts.slice(1), lines: [[]] },
  ),
  onCart(
    'cartLinesRemove',
    ', $lineIds: [ID!]!',
    ', lineIds: $lineIds',
    { lineIds: ['cln_'] },
    { lineIds: [[], ...wrongIds.map((id) => [id]), Array(51).fill('x')] },
  ),
  onCart('cartPromotionApply', ', $code: String!', ', code: $code', { code: 'NOPE' }, { code: [...texts(64), 'UNKNOWN'] }),
  onCart('cartPromotionRemove', ', $code: String!', ', code: $code', { code: 'NOPE' }, { code: [...texts(64), 'UNKNOWN'] }),
  onCart(
    'cartContactSet',
    ', $input: CartContactInput!',
    ', input: $input',
    { input: { email: 'a@example.com', shippingAddress: address } },
    {
      'input.email': ['x', '@', 'a@b', long(254), `a${NUL}@example.com`, 'a b@example.com'],
      'input.shippingAddress.name': texts(120),
      'input.shippingAddress.line1': texts(120),
      'input.shippingAddress.city': texts(80),
      'input.shippingAddress.company': [long(120), NUL],
      'input.shippingAddress.line2': [long(120), NUL],
      'input.shippingAddress.region': [long(80), NUL],
      'input.shippingAddress.postalCode': [long(16), NUL],
      'input.shippingAddress.phone': [long(32), NUL],
      'input.shippingAddress.countryCode': ['', 'de', 'DEU', 'D1', NUL],
      'input.billingAddress': [
        { ...address, name: '' },
        { ...address, countryCode: 'x' },
      ],
    },
  ),
  onCart('cartShippingSelect', ', $optionId: ID!', ', optionId: $optionId', { optionId: 'x' }, { optionId: wrongIds }),
  onCart('cartClaim', '', '', {}, {}),
  {
    name: 'orderPlace',
    signature: '$input: OrderPlaceInput!',
    call: 'input: $input',
    who: () => buyer,
    good: () => ({
      input: {
        cartId: ids.cart.id,
        cartVersion: ids.cart.version,
        expectedTotal: ids.cart.total,
        paymentMethodToken: 'tok_success',
        idempotencyKey: key(),
      },
    }),
    bad: {
      'input.cartId': wrongIds,
      'input.cartVersion': [0, -1, 2 ** 31 - 1],
      'input.expectedTotal': [...amounts],
      'input.paymentMethodToken': texts(200),
      'input.idempotencyKey': badKeys,
    },
  },
  onOrder(
    'orderPaymentRetry',
    'PaymentRetryInput',
    'orderId',
    () => ids.order,
    () => ({ paymentMethodToken: 'tok_success' }),
    { 'input.paymentMethodToken': texts(200) },
    () => buyer,
  ),
  onOrder(
    'orderCancel',
    'OrderCancelInput',
    'id',
    () => ids.order,
    () => ({ reason: 'why' }),
    { 'input.reason': texts(500) },
    () => buyer,
  ),
  onOrder(
    'returnRequest',
    'ReturnRequestInput',
    'orderId',
    () => ids.order,
    () => ({ lines: [{ lineId: ids.orderLine, quantity: 1, reason: 'OTHER' }] }),
    {
      'input.lines': [[], Array(51).fill({ lineId: 'x', quantity: 1, reason: 'OTHER' })],
      'input.lines.0.lineId': wrongIds,
      'input.lines.0.quantity': counts,
      'input.lines.0.note': [long(1_000), NUL],
    },
    () => buyer,
  ),
  onOrder(
    'returnResolve',
    'ReturnResolveInput',
    'id',
    () => 'ret_x',
    () => ({ decision: 'APPROVE' }),
    { 'input.refund': [{ minor: -1, currency: 'EUR' }] },
    () => staff,
  ),
  onOrder(
    'fulfillmentCreate',
    'FulfillmentCreateInput',
    'orderId',
    () => ids.order,
    () => ({ lines: [{ lineId: ids.orderLine, quantity: 1 }] }),
    {
      'input.lines': [[], Array(51).fill({ lineId: 'x', quantity: 1 })],
      'input.lines.0.lineId': wrongIds,
      'input.lines.0.quantity': [...counts, 2],
      'input.carrier': [long(80), NUL],
      'input.trackingNumber': [long(80), NUL],
    },
    () => staff,
  ),
  onOrder(
    'paymentCapture',
    'PaymentAmountInput',
    'paymentId',
    () => ids.payment,
    () => ({ amount: { minor: 1, currency: 'EUR' } }),
    { 'input.amount': amounts },
    () => staff,
  ),
  onOrder(
    'refundCreate',
    'RefundCreateInput',
    'orderId',
    () => ids.order,
    () => ({ amount: { minor: 1, currency: 'EUR' }, reason: 'why' }),
    {
      'input.amount': amounts,
      'input.reason': texts(500),
      'input.lineIds': [...wrongIds.map((id) => [id]), Array.from({ length: 51 }, (_, n) => `x${n}`)],
      'input.restock': [true],
      'input.returnId': wrongIds,
    },
    () => staff,
  ),
];

/** The variables with one place changed. */
function withValue(variables: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(variables);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let place = copy;
  for (const step of steps) place = place[step] as Record<string, unknown>;
  place[last] = value;
  return copy;
}

const ask = ({ name, signature, call, who }: Mutation, variables: object) =>
  kit.ask(`mutation (${signature}) { it: ${name}(${call}) { userErrors { __typename code message path } } }`, variables, who());

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
  '%s answers every bad value with a typed error and writes nothing',
  async (_name, mutation) => {
    const before = await state();
    for (const [path, values] of Object.entries(mutation.bad)) {
      for (const value of values) {
        const what = `${path} = ${JSON.stringify(value)?.slice(0, 80)}`;
        const { data, errors } = await ask(mutation, withValue(mutation.good(), path, value));
        const found = (data?.['it']?.['userErrors'] ?? []) as { code: string; message: string }[];
        expect(errors, what).toBeUndefined();
        expect(found.length, what).toBeGreaterThan(0);
        expect(
          found.every(({ code, message }) => /^[A-Z_]+$/.test(code) && message.length > 5),
          what,
        ).toBe(true);
      }
    }
    expect(await state()).toEqual(before);
  },
);

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
  '%s refuses missing arguments and wrong types before it runs',
  async (_name, mutation) => {
    const before = await state();
    for (const path of new Set([...Object.keys(mutation.good()), ...Object.keys(mutation.bad)])) {
      const { errors } = await ask(mutation, withValue(mutation.good(), path, { not: ['this'] }));
      expect(errors?.[0]?.extensions.code, path).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
    }
    const { errors } = await ask(mutation, {});
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await state()).toEqual(before);
  },
);

test('carts of others and carts that were ordered are not changed, not ordered and not claimed', async () => {
  const before = await state();
  for (const mutation of mutations.filter(({ bad }) => 'cartId' in bad)) {
    for (const [cartId, code] of [
      [ids.foreignCart, 'NOT_FOUND'],
      [ids.ordered, 'CART_ORDERED'],
    ] as const) {
      if (mutation.name === 'cartClaim' && cartId === ids.ordered) continue;
      const variables = { ...mutation.good(), cartId, lines: [{ variantId: ids.variant, lineId: ids.line, quantity: 1 }] };
      const lines = mutation.name === 'cartLinesAdd' ? [{ variantId: ids.variant, quantity: 1 }] : [{ lineId: ids.line, quantity: 1 }];
      const { data } = await ask(mutation, { ...variables, lines });
      expect(
        (data?.['it']?.['userErrors'] as { code: string }[] | undefined)?.map((error) => error.code),
        `${mutation.name} ${cartId}`,
      ).toEqual([code]);
    }
  }
  expect(await state()).toEqual(before);
});
