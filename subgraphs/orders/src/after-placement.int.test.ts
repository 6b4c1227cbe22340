import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { codes, type Field, OrdersKit, orderFields, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
let n = 0;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());
beforeEach(() => kit.stock.failing.clear());

interface Order {
  id: string;
  status: string;
  paymentStatus: string;
  fulfillmentStatus: string;
  lines: { id: string; quantity: number; total: { minor: number } }[];
  payments: { id: string; captured: { minor: number }; refunded: { minor: number } }[];
  returns: { id: string; status: string }[];
  totals: { total: { minor: number } };
  availableActions: string[];
}

const key = () => newId('key');
const order = (payload: Field) => orderOf(payload) as unknown as Order;

/** Somebody with a confirmed order of `quantity` pieces. */
async function bought(quantity = 2): Promise<{ person: ReturnType<OrdersKit['person']>; order: Order; variantId: string }> {
  const person = kit.person();
  n += 1;
  const variantId = kit.stock.offer(n, { priceMinor: 1_999, onHand: 10 });
  const placed = await kit.place(await kit.readyCart([{ variantId, quantity }], person), person);
  return { person, order: order(placed), variantId };
}

const manager = () => kit.person('ORDER_MANAGER');
const call = (name: string, selector: string, type: string, id: string, input: object, principal: Principal) =>
  kit.mutate(
    `mutation ($id: ID!, $input: ${type}!) { ${name}(${selector}: $id, input: $input) { ${orderFields} } }`,
    { id, input: { idempotencyKey: key(), ...input } },
    principal,
  );
const cancel = (id: string, principal: Principal, input: object = {}) =>
  call('orderCancel', 'id', 'OrderCancelInput', id, { reason: 'changed my mind', ...input }, principal);
const ship = (id: string, lines: object[], principal: Principal, input: object = {}) =>
  call('fulfillmentCreate', 'orderId', 'FulfillmentCreateInput', id, { lines, ...input }, principal);
const askBack = (id: string, lines: object[], principal: Principal) =>
  call('returnRequest', 'orderId', 'ReturnRequestInput', id, { lines }, principal);
const resolve = (id: string, input: object, principal: Principal) =>
  call('returnResolve', 'id', 'ReturnResolveInput', id, input, principal);
const refund = (id: string, minor: number, principal: Principal, input: object = {}) =>
  call('refundCreate', 'orderId', 'RefundCreateInput', id, { amount: { minor, currency: 'EUR' }, reason: 'goodwill', ...input }, principal);
const capture = (id: string, minor: number, principal: Principal) =>
  call('paymentCapture', 'paymentId', 'PaymentAmountInput', id, { amount: { minor, currency: 'EUR' } }, principal);

async function settle(): Promise<void> {
  for (let round = 0; round < 10 && (await kit.openRuns()) > 0; round += 1) {
    kit.ahead += 61_000;
    await kit.continueRuns();
  }
}

test('a cancelled order gives stock and money back, and says so', async () => {
  const { person, order: placed, variantId } = await bought();
  const cancelled = await cancel(placed.id, person);
  expect(codes(cancelled)).toEqual([]);
  expect(order(cancelled)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'VOIDED' });
  expect(kit.stock.available(variantId)).toBe(10);
  expect(codes(await cancel(placed.id, person))).toEqual(['ORDER_NOT_CANCELLABLE']);
});

test('a shipment takes its share of the money, the last one the rest; then the order is complete', async () => {
  const { order: placed, variantId, person } = await bought(3);
  const line = placed.lines[0];
  const first = order(await ship(placed.id, [{ lineId: line?.id, quantity: 1 }], manager(), { carrier: 'DHL', trackingNumber: 'X1' }));
  expect(first).toMatchObject({ status: 'CONFIRMED', fulfillmentStatus: 'PARTIALLY_FULFILLED', paymentStatus: 'PARTIALLY_CAPTURED' });
  expect(first.payments[0]?.captured.minor).toBe(Math.floor((line?.total.minor ?? 0) / 3));
  const second = order(await ship(placed.id, [{ lineId: line?.id, quantity: 2 }], manager()));
  expect(second).toMatchObject({ status: 'COMPLETED', fulfillmentStatus: 'FULFILLED', paymentStatus: 'CAPTURED' });
  expect(second.payments[0]?.captured.minor).toBe(placed.totals.total.minor);
  expect(kit.stock.offers.get(variantId)?.onHand).toBe(7);
  expect(await kit.db.event.count({ where: { streamId: placed.id, type: 'order.delivered' } })).toBe(2);
  expect(codes(await cancel(placed.id, person))).toEqual(['ORDER_NOT_CANCELLABLE']);
});

test('more than is left is not shipped, also not by two at once', async () => {
  const { order: placed } = await bought(3);
  const lines = [{ lineId: placed.lines[0]?.id, quantity: 2 }];
  const answers = await Promise.all([ship(placed.id, lines, manager()), ship(placed.id, lines, manager())]);
  expect(answers.flatMap(codes)).toEqual(['QUANTITY_EXCEEDED']);
});

test('stock that is not there after all gives the shipment up and the pieces back', async () => {
  const { order: placed } = await bought(2);
  kit.stock.holds.delete(placed.id);
  const answer = order(await ship(placed.id, [{ lineId: placed.lines[0]?.id, quantity: 2 }], manager()));
  expect(answer).toMatchObject({
    status: 'CONFIRMED',
    fulfillmentStatus: 'UNFULFILLED',
    paymentStatus: 'AUTHORIZED',
    fulfillments: [{ status: 'CANCELLED' }],
  });
});

test('a return goes back into stock and its money to the customer', async () => {
  const { person, order: placed, variantId } = await bought(2);
  const lineId = placed.lines[0]?.id;
  await ship(placed.id, [{ lineId, quantity: 2 }], manager());
  const asked = order(await askBack(placed.id, [{ lineId, quantity: 1, reason: 'DAMAGED' }], person));
  const returnId = asked.returns[0]?.id ?? '';
  expect(codes(await askBack(placed.id, [{ lineId, quantity: 2, reason: 'OTHER' }], person))).toEqual(['QUANTITY_EXCEEDED']);
  expect(codes(await resolve(returnId, { decision: 'MARK_RECEIVED' }, manager()))).toEqual(['RETURN_NOT_POSSIBLE']);
  expect(codes(await resolve(returnId, { decision: 'APPROVE' }, manager()))).toEqual([]);
  const received = order(await resolve(returnId, { decision: 'MARK_RECEIVED' }, manager()));
  expect(received).toMatchObject({
    fulfillmentStatus: 'PARTIALLY_RETURNED',
    paymentStatus: 'PARTIALLY_REFUNDED',
    returns: [{ status: 'REFUNDED' }],
  });
  expect(received.payments[0]?.refunded.minor).toBe(Math.floor((placed.lines[0]?.total.minor ?? 0) / 2));
  expect(kit.stock.offers.get(variantId)?.onHand).toBe(9);
});

test('a return that is refused may be asked for again', async () => {
  const { person, order: placed } = await bought(1);
  const lineId = placed.lines[0]?.id;
  await ship(placed.id, [{ lineId, quantity: 1 }], manager());
  const asked = order(await askBack(placed.id, [{ lineId, quantity: 1, reason: 'CHANGED_MIND', note: 'too small' }], person));
  await resolve(asked.returns[0]?.id ?? '', { decision: 'REJECT' }, manager());
  expect(codes(await askBack(placed.id, [{ lineId, quantity: 1, reason: 'CHANGED_MIND' }], person))).toEqual([]);
});

test('parallel refunds never give back more than was taken', async () => {
  const { order: placed } = await bought(1);
  await ship(placed.id, [{ lineId: placed.lines[0]?.id, quantity: 1 }], manager());
  const minor = Math.ceil(placed.totals.total.minor / 2) + 1;
  const answers = await Promise.all(Array.from({ length: 5 }, () => refund(placed.id, minor, manager())));
  expect(answers.filter((answer) => codes(answer).length === 0)).toHaveLength(1);
  const [payment] = await kit.db.payment.findMany({ where: { orderId: placed.id } });
  expect(payment?.refundedMinor).toBe(BigInt(minor));
});

test('money is taken by hand, and never more than is held', async () => {
  const { order: placed } = await bought(1);
  const paymentId = placed.payments[0]?.id ?? '';
  expect(order(await capture(paymentId, 100, manager())).paymentStatus).toBe('PARTIALLY_CAPTURED');
  expect(codes(await capture(paymentId, placed.totals.total.minor, manager()))).toEqual(['CAPTURE_EXCEEDS_AUTHORIZED']);
});

test('an order that awaits payment is paid with another card', async () => {
  const person = kit.person();
  n += 1;
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(n), quantity: 1 }], person);
  const waiting = order(await kit.place(cart, person, { token: 'tok_requires_action' }));
  expect(waiting.availableActions).toContain('PAY');
  const retry = (token: string) =>
    call('orderPaymentRetry', 'orderId', 'PaymentRetryInput', waiting.id, { paymentMethodToken: token }, person);
  expect(codes(await retry('tok_declined'))).toEqual(['PAYMENT_DECLINED']);
  expect(order(await retry('tok_success'))).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
  expect(codes(await retry('tok_success'))).toEqual(['ORDER_NOT_PAYABLE']);
});

test('cancel against ship, many times at once: one of them wins, and money and stock agree', async () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 100_000);
  console.log(`seed ${seed}`);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) {
    const { person, order: placed, variantId } = await bought(2);
    const lines = [{ lineId: placed.lines[0]?.id, quantity: 2 }];
    const later = (work: () => Promise<Field>) =>
      new Promise<Field>((done, fail) => setTimeout(() => work().then(done, fail), random() * 20));
    await Promise.all([later(() => cancel(placed.id, person)), later(() => ship(placed.id, lines, manager()))]);
    await settle();
    const { data } = await kit.ask(`{ order(id: "${placed.id}") { status paymentStatus fulfillmentStatus } }`, {}, person);
    const isCancelled = data?.['order']?.['status'] === 'CANCELLED';
    expect(data?.['order']).toEqual(
      isCancelled
        ? { status: 'CANCELLED', paymentStatus: 'VOIDED', fulfillmentStatus: 'UNFULFILLED' }
        : { status: 'COMPLETED', paymentStatus: 'CAPTURED', fulfillmentStatus: 'FULFILLED' },
    );
    expect(kit.stock.offers.get(variantId)?.onHand).toBe(isCancelled ? 10 : 8);
    expect(kit.stock.available(variantId)).toBe(isCancelled ? 10 : 8);
  }
}, 60_000);

test('nobody but staff does what staff does, and somebody else’s order looks like none', async () => {
  const { person, order: placed } = await bought(1);
  const lines = [{ lineId: placed.lines[0]?.id, quantity: 1 }];
  const stranger = kit.person();
  await expect(ship(placed.id, lines, person)).rejects.toThrow('FORBIDDEN');
  await expect(refund(placed.id, 1, kit.person('SUPPORT'))).rejects.toThrow('FORBIDDEN');
  await expect(capture(placed.payments[0]?.id ?? '', 1, { kind: 'anonymous' })).rejects.toThrow('UNAUTHENTICATED');
  expect(codes(await cancel(placed.id, stranger))).toEqual(['NOT_FOUND']);
  expect(codes(await askBack(placed.id, [{ ...lines[0], reason: 'OTHER' }], stranger))).toEqual(['NOT_FOUND']);
  expect(codes(await cancel(`ord_${'0'.repeat(32)}`, stranger))).toEqual(['NOT_FOUND']);
});

test('repeating a call with its key repeats nothing', async () => {
  const { person, order: placed } = await bought(1);
  const idempotencyKey = key();
  const answers = [await cancel(placed.id, person, { idempotencyKey }), await cancel(placed.id, person, { idempotencyKey })];
  expect(answers.map((answer) => [answer['replayed'], codes(answer)])).toEqual([
    [false, []],
    [true, []],
  ]);
  expect(codes(await cancel(placed.id, person, { idempotencyKey, reason: 'another' }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
});

test.each<[string, () => Promise<Field>]>([
  [
    'an empty reason',
    async () => {
      const { order: placed, person } = await bought(1);
      return cancel(placed.id, person, { reason: '' });
    },
  ],
  [
    'a reason with U+0000',
    async () => {
      const { order: placed, person } = await bought(1);
      return cancel(placed.id, person, { reason: 'a\u0000b' });
    },
  ],
  [
    'a key that is too short',
    async () => {
      const { order: placed, person } = await bought(1);
      return cancel(placed.id, person, { idempotencyKey: 'k' });
    },
  ],
  ['an id that is none', () => cancel('\u0000', kit.person())],
  [
    'no lines',
    async () => {
      const { order: placed } = await bought(1);
      return ship(placed.id, [], manager());
    },
  ],
  [
    'a line of another order',
    async () => {
      const [one, two] = [await bought(1), await bought(1)];
      return ship(one.order.id, [{ lineId: two.order.lines[0]?.id, quantity: 1 }], manager());
    },
  ],
  [
    'a quantity of 0',
    async () => {
      const { order: placed } = await bought(1);
      return ship(placed.id, [{ lineId: placed.lines[0]?.id, quantity: 0 }], manager());
    },
  ],
  [
    'the same line twice',
    async () => {
      const { order: placed } = await bought(2);
      const line = { lineId: placed.lines[0]?.id, quantity: 1 };
      return ship(placed.id, [line, line], manager());
    },
  ],
  [
    'a return of what has not arrived',
    async () => {
      const { order: placed, person } = await bought(1);
      return askBack(placed.id, [{ lineId: placed.lines[0]?.id, quantity: 1, reason: 'OTHER' }], person);
    },
  ],
  [
    'a refund of nothing taken',
    async () => {
      const { order: placed } = await bought(1);
      return refund(placed.id, 100, manager());
    },
  ],
  [
    'a refund below zero',
    async () => {
      const { order: placed } = await bought(1);
      return refund(placed.id, -5, manager());
    },
  ],
  [
    'a refund in another currency',
    async () => {
      const { order: placed } = await bought(1);
      return refund(placed.id, 5, manager(), { amount: { minor: 5, currency: 'USD' } });
    },
  ],
  [
    'restocking without lines',
    async () => {
      const { order: placed } = await bought(1);
      return refund(placed.id, 5, manager(), { restock: true });
    },
  ],
  ['a return that is none', () => resolve('ret_1', { decision: 'APPROVE' }, manager())],
  ['a payment that is none', () => capture('pay_1', 5, manager())],
])('%s is a typed error and changes nothing', async (_name, work) => {
  const answer = await work();
  expect(codes(answer).length).toBeGreaterThan(0);
  expect(answer['order']).toBeNull();
});
