import { newId } from '@app/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { placementId } from './domain/run-ids.ts';
import { claimPromotions, unclaimPromotions } from './service/orders/redeem-promotions.ts';
import { codes, OrdersKit, orderOf, type ReadyCart } from './testing/orders-kit.ts';
import { placeOrder } from './workflows/place-order/place-order.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());
beforeEach(() => {
  kit.stock.failing.clear();
});

let n = 0;
const offer = (facts: Parameters<OrdersKit['stock']['offer']>[1] = {}) => {
  n += 1;
  return kit.stock.offer(n, facts);
};
const cartStatus = async (id: string) => (await kit.db.cart.findUniqueOrThrow({ where: { id } })).status;

/** Money, stock and orders agree: nothing is held for an order that is not alive. */
async function expectNothingHeld(): Promise<void> {
  const dead = await kit.db.order.findMany({ where: { status: { in: ['REJECTED', 'EXPIRED', 'CANCELLED'] } } });
  for (const { id } of dead) {
    expect(kit.stock.holds.has(id)).toBe(false);
    const payments = await kit.db.payment.findMany({ where: { orderId: id } });
    const held = payments.filter(
      ({ authorizedMinor, voidedAt, capturedMinor }) => authorizedMinor > 0n && voidedAt === null && capturedMinor === 0n,
    );
    expect(held).toEqual([]);
    expect(await kit.db.promotionRedemption.count({ where: { orderId: id } })).toBe(0);
  }
}

/** A busy machine may answer PENDING: works on until every placement has ended. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20 && (await kit.openRuns()) > 0; round += 1) {
    kit.ahead += 60_000;
    await kit.continueRuns();
  }
}

test('an order is confirmed: stock allocated, money held, cart ordered, totals exact, events in the outbox', async () => {
  const person = kit.person();
  const variantId = offer({ priceMinor: 1_999 });
  const cart = await kit.readyCart([{ variantId, quantity: 3 }], person);
  const placed = await kit.place(cart, person);
  expect(codes(placed)).toEqual([]);
  const order = orderOf(placed);
  expect(order).toMatchObject({
    status: 'CONFIRMED',
    paymentStatus: 'AUTHORIZED',
    fulfillmentStatus: 'UNFULFILLED',
    totals: { total: cart.total },
  });
  expect(kit.stock.holds.get(order.id)).toMatchObject({ committed: true });
  expect(await cartStatus(cart.id)).toBe('ORDERED');
  const events = await kit.db.event.findMany({ where: { streamId: order.id }, orderBy: { streamVersion: 'asc' } });
  expect(events.map(({ type }) => type)).toEqual(['order.submitted', 'order.confirmed']);
  const { data } = await kit.ask(`{ order(id: "${order.id}") { number history { nodes { kind } } buyer { id } } }`, {}, person);
  expect(data?.['order']).toMatchObject({
    buyer: { id: person.id },
    history: { nodes: [{ kind: 'PLACED' }, { kind: 'PAYMENT_AUTHORIZED' }, { kind: 'CONFIRMED' }] },
  });
});

test('a guest orders, and nobody else finds the order', async () => {
  const placed = await kit.place(await kit.readyCart([{ variantId: offer(), quantity: 1 }]));
  const { id, number } = orderOf(placed) as unknown as { id: string; number: string };
  expect(orderOf(placed).status).toBe('CONFIRMED');
  expect((await kit.ask(`{ order(id: "${id}") { id } }`, {}, kit.person())).data).toEqual({ order: null });
  expect((await kit.ask(`{ guestOrder(number: "${number}", token: "guessed") { id } }`)).data).toEqual({ guestOrder: null });
  const support = kit.person('SUPPORT');
  expect((await kit.ask(`{ order(number: "${number}") { id } }`, {}, support)).data).toEqual({ order: { id } });
});

test.each([
  ['tok_declined', 'PAYMENT_DECLINED', 'PAYMENT_DECLINED'],
  ['tok_insufficient_funds', 'PAYMENT_DECLINED', 'PAYMENT_DECLINED'],
  ['tok_fraud', 'PAYMENT_DECLINED', 'FRAUD_SUSPECTED'],
])('a payment refused with %s leaves a rejected order, an open cart and nothing held', async (token, code, reason) => {
  const variantId = offer();
  const cart = await kit.readyCart([{ variantId, quantity: 1 }]);
  const placed = await kit.place(cart, undefined, { token });
  expect(codes(placed)).toEqual([code]);
  expect(orderOf(placed)).toMatchObject({ status: 'REJECTED', failureReason: reason });
  expect(await cartStatus(cart.id)).toBe('OPEN');
  await expectNothingHeld();
  expect(orderOf(await kit.place(cart))).toMatchObject({ status: 'CONFIRMED' });
});

test('an authorisation whose answer is lost is found again, and charged once', async () => {
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }]);
  const placed = await kit.place(cart, undefined, { token: 'tok_timeout_succeeded' });
  expect(orderOf(placed)).toMatchObject({ status: 'CONFIRMED' });
  const [payment] = await kit.db.payment.findMany({ where: { orderId: orderOf(placed).id }, include: { events: true } });
  expect(payment?.events.map(({ kind }) => kind).sort()).toEqual(['AUTHORIZED', 'AUTHORIZE_REQUESTED', 'OUTCOME_UNKNOWN']);
});

test('a provider that cannot be reached leaves the order pending; the worker finishes it, and once', async () => {
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }]);
  kit.stock.failing.add('commit');
  const placed = await kit.place(cart);
  const { id } = orderOf(placed);
  expect(['CONFIRMED', 'PENDING']).toContain(orderOf(placed).status);
  kit.stock.failing.clear();
  kit.ahead += 60_000;
  await kit.continueRuns();
  expect(kit.stock.holds.get(id)).toMatchObject({ committed: true });
  expect(await kit.db.event.count({ where: { streamId: id, type: 'order.confirmed' } })).toBe(1);
  expect(await kit.continueRuns()).toEqual([]);
});

test('a payment that the customer has to confirm waits, and goes on when they did', async () => {
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }]);
  const placed = await kit.place(cart, undefined, { token: 'tok_requires_action' });
  const order = orderOf(placed);
  expect(order).toMatchObject({ status: 'AWAITING_PAYMENT', paymentStatus: 'REQUIRES_ACTION' });
  const ref =
    String((order['nextAction'] as { url: string }).url)
      .split('/')
      .at(-1) ?? '';
  expect((await fetch(`${kit.payments.url}/sandbox/${ref}`)).status).toBe(200);
  expect((await fetch(`${kit.payments.url}/sandbox/${ref}/approve`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
  expect((await fetch(`${kit.payments.url}/sandbox/${ref}/approve`, { method: 'POST', redirect: 'manual' })).status).toBe(409);
  kit.ahead += 10_000;
  await kit.continueRuns();
  expect((await kit.db.order.findUniqueOrThrow({ where: { id: order.id } })).status).toBe('CONFIRMED');
});

test('a customer who never confirms gets their cart back, and the hold goes', async () => {
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }]);
  const order = orderOf(await kit.place(cart, undefined, { token: 'tok_requires_action' }));
  kit.ahead += 16 * 60_000;
  await kit.continueRuns();
  expect((await kit.db.order.findUniqueOrThrow({ where: { id: order.id } })).status).toBe('EXPIRED');
  expect(await cartStatus(cart.id)).toBe('OPEN');
  await expectNothingHeld();
});

test('stock that went meanwhile is a typed error with the lines, and nothing is charged', async () => {
  const variantId = offer({ onHand: 5 });
  const cart = await kit.readyCart([{ variantId, quantity: 5 }]);
  const held = kit.stock.offers.get(variantId);
  if (held) held.onHand = 2;
  const placed = await kit.place(cart);
  expect(placed).toMatchObject({ order: null, userErrors: [{ __typename: 'OutOfStockError', code: 'OUT_OF_STOCK' }] });
  expect(await kit.db.payment.count({ where: { order: { cartId: cart.id } } })).toBe(0);
});

test('another price than the customer saw is a typed error, and nothing is charged', async () => {
  const variantId = offer({ priceMinor: 1_000 });
  const cart = await kit.readyCart([{ variantId, quantity: 1 }]);
  const known = kit.stock.offers.get(variantId);
  if (known) known.priceMinor = 2_000;
  const placed = await kit.place(cart);
  expect(placed).toMatchObject({
    order: null,
    userErrors: [{ __typename: 'PriceChangedError', code: 'PRICE_CHANGED', path: ['input', 'expectedTotal'] }],
  });
});

test('a cart that was changed since is not ordered', async () => {
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }]);
  expect(codes(await kit.place({ ...cart, version: cart.version - 1 }))).toEqual(['CART_CHANGED']);
});

test('fifty buyers of the last one: one gets it, all are settled, nobody is charged for nothing', async () => {
  const variantId = offer({ onHand: 1 });
  const carts = await Promise.all(Array.from({ length: 50 }, () => kit.readyCart([{ variantId, quantity: 1 }])));
  await Promise.all(carts.map((cart) => kit.place(cart)));
  await settle();
  const orders = await kit.db.order.findMany({ where: { cartId: { in: carts.map(({ id }) => id) } } });
  expect(orders.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(1);
  expect(orders.every(({ status }) => status === 'CONFIRMED' || status === 'REJECTED')).toBe(true);
  expect(orders).toHaveLength(50);
  await expectNothingHeld();
}, 60_000);

test('twenty parallel calls with one key make one order and one charge, and all answer it', async () => {
  const person = kit.person();
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }], person);
  const key = newId('key');
  const answers = await Promise.all(Array.from({ length: 20 }, () => kit.place(cart, person, { key })));
  const orders = await kit.db.order.findMany({ where: { cartId: cart.id }, include: { payments: true } });
  expect(orders).toHaveLength(1);
  expect(orders[0]?.payments).toHaveLength(1);
  for (const answer of answers) {
    const isRunning = codes(answer).includes('IDEMPOTENCY_IN_PROGRESS');
    if (!isRunning) expect(orderOf(answer).id).toBe(orders[0]?.id);
  }
  expect(await kit.place(cart, person, { key })).toMatchObject({ replayed: true, order: { id: orders[0]?.id } });
});

test('a key that is used for something else is refused', async () => {
  const person = kit.person();
  const key = newId('key');
  await kit.place(await kit.readyCart([{ variantId: offer(), quantity: 1 }], person), person, { key });
  const other = await kit.readyCart([{ variantId: offer(), quantity: 1 }], person);
  expect(codes(await kit.place(other, person, { key }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
});

/** A cart that can be ordered, with a code. */
async function cartWith(code: string): Promise<ReadyCart> {
  return withCode(await kit.readyCart([{ variantId: offer(), quantity: 1 }]), code);
}

async function withCode(cart: ReadyCart, code: string): Promise<ReadyCart> {
  const applied = await kit.mutate(
    `mutation { cartPromotionApply(cartId: "${cart.id}", code: "${code}") { cart { version totals { total { minor currency } } } userErrors { code } } }`,
  );
  const { version, totals } = applied['cart'] as { version: number; totals: { total: typeof cart.total } };
  return { ...cart, version, total: totals.total };
}

test('the last use of a code is had by one of twenty', async () => {
  await kit.db.promotion.create({
    data: { id: newId('pro'), code: 'LASTONE', title: 'Last one', kind: 'PERCENT', percent: 10, usageLimit: 1 },
  });
  const carts = await Promise.all(Array.from({ length: 20 }, () => cartWith('lastone')));
  await Promise.all(carts.map((cart) => kit.place(cart)));
  await settle();
  const sold = await kit.db.order.count({ where: { cartId: { in: carts.map(({ id }) => id) }, status: 'CONFIRMED' } });
  expect(sold).toBe(1);
  expect(await kit.db.promotion.findUniqueOrThrow({ where: { code: 'LASTONE' } })).toMatchObject({ used: 1 });
  await expectNothingHeld();
}, 60_000);

test('a code that found nothing left to take off is not used up', async () => {
  const facts = { title: 'Off', kind: 'PERCENT' as const, percent: 100, usageLimit: 1 };
  for (const code of ['ALLOFF', 'NOTHINGLEFT']) await kit.db.promotion.create({ data: { ...facts, id: newId('pro'), code } });
  const { id } = orderOf(await kit.place(await withCode(await cartWith('ALLOFF'), 'NOTHINGLEFT')));
  await settle();
  const uses = await kit.db.promotion.findMany({ where: { code: { in: ['ALLOFF', 'NOTHINGLEFT'] } }, orderBy: { code: 'asc' } });
  expect(uses.map(({ used }) => used)).toEqual([1, 0]);
  expect(await kit.db.order.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'CONFIRMED', promotions: [{ code: 'ALLOFF' }] });
});

test.each(['before', 'after'])('an instance that claims a code late, %s its order was rejected, uses nothing up', async (when) => {
  const code = `LATE${when.toUpperCase()}`;
  await kit.db.promotion.create({ data: { id: newId('pro'), code, title: 'Late', kind: 'PERCENT', percent: 10, usageLimit: 1 } });
  const { id } = orderOf(await kit.place(await cartWith(code), undefined, { token: 'tok_requires_action' }));
  await kit.parts.workflows.cancel(placementId(id));
  const run = { deps: kit.deps, runId: placementId(id), subject: id, input: {}, outputs: {}, message: null, isTimeUp: false };
  const reject = () =>
    placeOrder.onRefused?.({ ...run, signal: AbortSignal.timeout(60_000) }, { reason: 'PAYMENT_TIMEOUT', message: 'Too late.' });
  await unclaimPromotions(kit.deps, id);
  if (when === 'after') await reject();
  await claimPromotions(kit.deps, id);
  if (when === 'before') await reject();
  expect(await kit.db.promotion.findUniqueOrThrow({ where: { code } })).toMatchObject({ used: 0 });
  expect(await kit.db.promotionRedemption.count({ where: { orderId: id } })).toBe(0);
});
