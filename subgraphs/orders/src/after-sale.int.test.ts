import { setTimeout } from 'node:timers/promises';
import type { Principal } from '@app/auth';
import { newId, withTx } from '@app/database';
import { readDisagreements } from '@services/payments/invariants';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tx } from './data/database.ts';
import { forgetKeys } from './service/forget-keys.ts';
import { intendMove, performMove } from './service/payments/move-money.ts';
import { releaseDeadHolds } from './service/release-dead-holds.ts';
import { settleUnknown } from './service/settle-unknown.ts';
import { codes, type Field, OrdersKit, orderFields, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
let staff: ReturnType<OrdersKit['person']>;
beforeAll(async () => {
  kit = await OrdersKit.start();
  staff = kit.person('ORDER_MANAGER');
});
afterAll(() => kit[Symbol.asyncDispose]());

let n = 1_000;
const offer = () => {
  n += 1;
  return kit.stock.offer(n);
};
const key = () => newId('key');
const day = 86_400_000;

interface Bought {
  readonly id: string;
  readonly buyer: Principal;
  readonly variantId: string;
  readonly lineId: string;
  readonly totalMinor: number;
  readonly paymentId: string;
}

/** An order of three pieces of one variant. */
async function bought(quantity = 3): Promise<Bought> {
  const buyer = kit.person();
  const variantId = offer();
  const cart = await kit.readyCart([{ variantId, quantity }], buyer);
  const order = orderOf(await kit.place(cart, buyer));
  expect(order.status).toBe('CONFIRMED');
  const [line] = order['lines'] as { id: string }[];
  const [payment] = order['payments'] as { id: string }[];
  return { id: order.id, buyer, variantId, lineId: line?.id ?? '', totalMinor: cart.total.minor, paymentId: payment?.id ?? '' };
}

const run = (name: string, id: string, type: string, input: object, principal: Principal): Promise<Field> => {
  const argument = name === 'paymentCapture' ? 'paymentId' : name === 'orderCancel' || name === 'returnResolve' ? 'id' : 'orderId';
  const query = `mutation ($id: ID!, $input: ${type}!) { ${name}(${argument}: $id, input: $input) { ${orderFields} } }`;
  return kit.mutate(query, { id, input: { idempotencyKey: key(), ...input } }, principal);
};
const cancel = ({ id, buyer }: Bought) => run('orderCancel', id, 'OrderCancelInput', { reason: 'changed my mind' }, buyer);
const ship = ({ id, lineId }: Bought, quantity: number) =>
  run('fulfillmentCreate', id, 'FulfillmentCreateInput', { lines: [{ lineId, quantity }], carrier: 'DHL' }, staff);
const refund = ({ id }: Bought, minor: number, more: object = {}) =>
  run('refundCreate', id, 'RefundCreateInput', { amount: { minor, currency: 'EUR' }, reason: 'goodwill', ...more }, staff);

async function arrive(order: Bought): Promise<void> {
  kit.ahead += 30 * day;
  await kit.continueRuns();
  expect((await kit.db.order.findUniqueOrThrow({ where: { id: order.id } })).status).toBe('COMPLETED');
}

const events = async (id: string) => (await kit.db.event.findMany({ where: { streamId: id } })).map(({ type }) => type);

test('a cancelled order gives back stock and money, and says so once', async () => {
  const order = await bought();
  expect(orderOf(await cancel(order))).toMatchObject({ status: 'CANCELLED', paymentStatus: 'VOIDED', availableActions: ['REORDER'] });
  expect(kit.stock.holds.has(order.id)).toBe(false);
  expect(codes(await cancel(order))).toEqual(['ORDER_NOT_CANCELLABLE']);
  expect((await events(order.id)).filter((type) => type === 'order.cancelled')).toHaveLength(1);
});

test('a shipment takes its share of the money, the last one the rest; delivered orders are complete', async () => {
  const order = await bought();
  const first = orderOf(await ship(order, 1));
  expect(first).toMatchObject({ fulfillmentStatus: 'PARTIALLY_FULFILLED', paymentStatus: 'PARTIALLY_CAPTURED' });
  expect(codes(await ship(order, 3))).toEqual(['QUANTITY_EXCEEDED']);
  const second = orderOf(await ship(order, 2));
  expect(second).toMatchObject({ fulfillmentStatus: 'FULFILLED', paymentStatus: 'CAPTURED' });
  expect(second['payments']).toMatchObject([{ captured: { minor: order.totalMinor } }]);
  expect(codes(await cancel(order))).toEqual(['ORDER_NOT_CANCELLABLE']);
  await arrive(order);
  const [delivered] = await kit.db.event.findMany({ where: { streamId: order.id, type: 'order.delivered' } });
  expect(delivered?.data).toMatchObject({ orderId: order.id, lines: [{ lineId: order.lineId, variantId: order.variantId }] });
  expect((await events(order.id)).filter((type) => type === 'order.delivered')).toHaveLength(2);
});

test('cancelling and shipping at the same instant: one of them happens', async () => {
  const orders = await Promise.all(Array.from({ length: 8 }, () => bought()));
  const outcomes = await Promise.all(
    orders.flatMap((order, index) => (index % 2 ? [cancel(order), ship(order, 3)] : [ship(order, 3), cancel(order)])),
  );
  expect(outcomes.filter((payload) => codes(payload).length > 0)).toHaveLength(8);
  for (const { id } of orders) {
    const order = await kit.db.order.findUniqueOrThrow({ where: { id } });
    const isOne = order.status === 'CANCELLED' ? order.fulfillmentStatus === 'UNFULFILLED' : order.fulfillmentStatus === 'FULFILLED';
    expect([order.status, order.fulfillmentStatus, isOne]).toEqual([order.status, order.fulfillmentStatus, true]);
  }
});

test('parallel refunds never give back more than was taken', async () => {
  const order = await bought();
  await ship(order, 3);
  const part = Math.floor(order.totalMinor * 0.6);
  const outcomes = await Promise.all([refund(order, part), refund(order, part), refund(order, part)]);
  expect(outcomes.flatMap(codes)).toEqual(['REFUND_EXCEEDS_CAPTURED', 'REFUND_EXCEEDS_CAPTURED']);
  const [payment] = await kit.db.payment.findMany({ where: { orderId: order.id } });
  expect(payment).toMatchObject({ refundedMinor: BigInt(part), refundPendingMinor: 0n, status: 'PARTIALLY_REFUNDED' });
  expect(orderOf(await refund(order, order.totalMinor - part))).toMatchObject({ paymentStatus: 'REFUNDED' });
});

test('a repeated refund with one key gives back once', async () => {
  const order = await bought();
  await ship(order, 3);
  const idempotencyKey = key();
  const outcomes = [];
  for (let time = 0; time < 3; time += 1) outcomes.push(await refund(order, 100, { idempotencyKey }));
  expect(outcomes.map((payload) => payload['replayed'])).toEqual([false, true, true]);
  expect((await kit.db.payment.findMany({ where: { orderId: order.id } }))[0]?.refundedMinor).toBe(100n);
  expect(codes(await refund(order, 200, { idempotencyKey }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
});

test('a key is known for two days', async () => {
  const order = await bought();
  await ship(order, 3);
  const idempotencyKey = key();
  const again = async (hoursLater: number) => {
    const createdAt = new Date(kit.deps.now().getTime() - hoursLater * 3_600_000);
    await kit.db.idempotencyKey.updateMany({ where: { key: idempotencyKey }, data: { createdAt } });
    await forgetKeys(kit.deps);
    return (await refund(order, 100, { idempotencyKey }))['replayed'];
  };
  expect([await again(0), await again(47), await again(49)]).toEqual([false, true, false]);
});

test('a refund with restock puts what was sent back into stock, once, also when stock cannot be reached at first', async () => {
  const order = await bought();
  await ship(order, 2);
  const before = kit.stock.available(order.variantId);
  kit.stock.failing.add('restock');
  expect(codes(await refund(order, 100, { restock: true, lineIds: [order.lineId] }))).toEqual([]);
  kit.stock.failing.delete('restock');
  kit.ahead += 60_000;
  await kit.continueRuns();
  expect(kit.stock.available(order.variantId)).toBe(before + 2);
  expect(orderOf(await refund(order, 100, { restock: true, lineIds: [order.lineId] }))).toMatchObject({
    fulfillmentStatus: 'PARTIALLY_RETURNED',
  });
  expect(kit.stock.available(order.variantId)).toBe(before + 2);
});

test('money can be taken by hand, but not more than is held', async () => {
  const order = await bought();
  const capture = (minor: number) =>
    run('paymentCapture', order.paymentId, 'PaymentAmountInput', { amount: { minor, currency: 'EUR' } }, staff);
  const outcomes = await Promise.all([capture(order.totalMinor), capture(order.totalMinor)]);
  expect(outcomes.flatMap(codes)).toHaveLength(1);
  expect((await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } })).capturedMinor).toBe(BigInt(order.totalMinor));
});

test('a return goes from request to refund: stock and money come back, never more than arrived', async () => {
  const order = await bought();
  const ask = (quantity: number) =>
    run('returnRequest', order.id, 'ReturnRequestInput', { lines: [{ lineId: order.lineId, quantity, reason: 'DAMAGED' }] }, order.buyer);
  expect(codes(await ask(1))).toEqual(['ORDER_NOT_RETURNABLE']);
  await ship(order, 3);
  await arrive(order);
  expect(codes(await ask(4))).toEqual(['QUANTITY_EXCEEDED']);
  const [wanted] = orderOf(await ask(2))['returns'] as { id: string }[];
  expect(codes(await ask(2))).toEqual(['QUANTITY_EXCEEDED']);
  const resolve = (decision: string) => run('returnResolve', wanted?.id ?? '', 'ReturnResolveInput', { decision }, staff);
  expect(codes(await resolve('MARK_RECEIVED'))).toEqual(['RETURN_NOT_POSSIBLE']);
  await resolve('APPROVE');
  const before = kit.stock.available(order.variantId);
  const received = orderOf(await resolve('MARK_RECEIVED'));
  expect(received).toMatchObject({
    fulfillmentStatus: 'PARTIALLY_RETURNED',
    paymentStatus: 'PARTIALLY_REFUNDED',
    returns: [{ status: 'REFUNDED' }],
  });
  expect(kit.stock.available(order.variantId)).toBe(before + 2);
  expect(await events(wanted?.id ?? '')).toEqual(['return.received']);
  expect(await events(order.id)).toContain('order.refunded');
});

test('another means of payment pays an order that waits, and the first attempt holds nothing', async () => {
  const buyer = kit.person();
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }], buyer);
  const order = orderOf(await kit.place(cart, buyer, { token: 'tok_requires_action' }));
  const retry = (paymentMethodToken: string) => run('orderPaymentRetry', order.id, 'PaymentRetryInput', { paymentMethodToken }, buyer);
  expect(codes(await retry('tok_declined'))).toEqual(['PAYMENT_DECLINED']);
  expect(orderOf(await retry('tok_success'))).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
  const payments = await kit.db.payment.findMany({ where: { orderId: order.id }, orderBy: { attempt: 'asc' } });
  expect(payments.map(({ status }) => status)).toEqual(['VOIDED', 'FAILED', 'AUTHORIZED']);
  expect(codes(await retry('tok_success'))).toEqual(['ORDER_NOT_PAYABLE']);
});

test('nobody acts on the order of somebody else, and customers not as staff', async () => {
  const order = await bought();
  const stranger = kit.person();
  expect(codes(await cancel({ ...order, buyer: stranger }))).toEqual(['NOT_FOUND']);
  const input = { lines: [{ lineId: order.lineId, quantity: 1 }], idempotencyKey: key() };
  const { errors } = await kit.ask(
    `mutation ($id: ID!, $input: FulfillmentCreateInput!) { fulfillmentCreate(orderId: $id, input: $input) { replayed } }`,
    { id: order.id, input },
    order.buyer,
  );
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('a cancellation that cannot get through is repeated for as long as it takes', async () => {
  const order = await bought();
  kit.stock.failing.add('release');
  expect(orderOf(await cancel(order))).toMatchObject({ status: 'CANCELLED' });
  for (let hour = 0; hour < 3; hour += 1) {
    kit.ahead += 3_600_000;
    await kit.continueRuns();
  }
  expect(kit.stock.holds.has(order.id)).toBe(true);
  kit.stock.failing.delete('release');
  kit.ahead += 3_600_000;
  await kit.continueRuns();
  expect(kit.stock.holds.has(order.id)).toBe(false);
  expect((await kit.db.order.findUniqueOrThrow({ where: { id: order.id } })).paymentStatus).toBe('VOIDED');
});

test('a capture whose process died before the provider was called is made by the worker, once', async () => {
  const order = await bought();
  const data = {
    key: `${order.paymentId}:left`,
    paymentId: order.paymentId,
    kind: 'CAPTURE',
    amountMinor: 100n,
    detail: { actor: 'system' },
  } as const;
  await kit.db.$transaction([
    kit.db.payment.update({ where: { id: order.paymentId }, data: { capturePendingMinor: 100n } }),
    kit.db.paymentOperation.create({ data }),
  ]);
  kit.ahead += 120_000;
  expect(await settleUnknown(kit.deps)).toBe(1);
  expect(await settleUnknown(kit.deps)).toBe(0);
  const payment = await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } });
  expect(payment).toMatchObject({ capturedMinor: 100n, capturePendingMinor: 0n });
});

test('every ledger adds up to its payment', async () => {
  const wrong = await kit.db.$queryRaw`
    SELECT p.id FROM payment p JOIN payment_event e ON e.payment_id = p.id GROUP BY p.id
    HAVING coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'CAPTURED'), 0) <> p.captured_minor
        OR coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'REFUNDED'), 0) <> p.refunded_minor`;
  expect(wrong).toEqual([]);
  const urls = { payments: kit.payments.databaseUrl, orders: kit.config.DATABASE_URL_ORDERS };
  expect(await readDisagreements(urls)).toEqual([]);
});

test('of an order that was partly paid for and then called off nothing is held and nothing kept', async () => {
  const order = await bought();
  const taken = { amount: { minor: 1_000, currency: 'EUR' } };
  await run('paymentCapture', order.paymentId, 'PaymentAmountInput', taken, staff);
  expect(orderOf(await cancel(order))).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED' });
  const payment = await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } });
  expect(payment).toMatchObject({ capturedMinor: 1_000n, refundedMinor: 1_000n, voidedAt: expect.any(Date) });
  const charge = await kit.payments.db.payment.findUniqueOrThrow({ where: { id: payment.providerRef ?? '' } });
  expect(charge).toMatchObject({ status: 'VOIDED', capturedMinor: 1_000n, refundedMinor: 1_000n });
});

test('money whose taking nobody heard of goes back too when the order is called off', async () => {
  const order = await bought();
  const { providerRef } = await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } });
  const moveKey = key();
  const move = { key: moveKey, paymentId: order.paymentId, amountMinor: 1_000, detail: { actor: 'staff' } };
  await withTx(kit.db, (tx: Tx) => intendMove(tx, { ...move, kind: 'CAPTURE' }));
  await kit.deps.payments.capture({ key: moveKey, ref: providerRef ?? '', amountMinor: 1_000 });
  expect(orderOf(await cancel(order))).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED' });
  const payment = await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } });
  expect(payment).toMatchObject({ capturedMinor: 1_000n, refundedMinor: 1_000n, capturePendingMinor: 0n, voidedAt: expect.any(Date) });
});

test('a return gets what another refund has left of the money', async () => {
  const order = await bought();
  await ship(order, 3);
  await arrive(order);
  const asked = orderOf(
    await run(
      'returnRequest',
      order.id,
      'ReturnRequestInput',
      { lines: [{ lineId: order.lineId, quantity: 3, reason: 'DAMAGED' }] },
      order.buyer,
    ),
  );
  const [{ id } = { id: '' }] = asked['returns'] as { id: string }[];
  const resolve = (decision: string, more = {}) => run('returnResolve', id, 'ReturnResolveInput', { decision, ...more }, staff);
  await resolve('APPROVE', { refund: { minor: order.totalMinor, currency: 'EUR' } });
  const left = 500;
  await refund(order, order.totalMinor - left);
  expect(orderOf(await resolve('MARK_RECEIVED'))).toMatchObject({ paymentStatus: 'REFUNDED', returns: [{ status: 'REFUNDED' }] });
});

test('what is only being prepared is not paid for yet, also when the other pieces have left', async () => {
  const order = await bought();
  kit.stock.failing.add('ship');
  await ship(order, 1);
  kit.stock.failing.clear();
  const second = orderOf(await ship(order, 2));
  expect(second).toMatchObject({ fulfillmentStatus: 'FULFILLED', paymentStatus: 'PARTIALLY_CAPTURED' });
  kit.ahead += 5 * 60_000;
  await kit.continueRuns();
  const payment = await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } });
  expect(Number(payment.capturedMinor)).toBe(order.totalMinor);
});

test('a shipment that leaves while money is taken by hand takes what is left of it', async () => {
  const order = await bought();
  kit.stock.failing.add('ship');
  await ship(order, 3);
  kit.stock.failing.clear();
  kit.ahead += 5 * 60_000;
  const moveKey = key();
  let leaving: Promise<unknown> = Promise.resolve();
  await withTx(kit.db, async (tx: Tx) => {
    const move = { key: moveKey, paymentId: order.paymentId, amountMinor: 1_000, detail: { actor: 'staff' } };
    expect(await intendMove(tx, { ...move, kind: 'CAPTURE' })).toBe(true);
    leaving = kit.continueRuns();
    await setTimeout(500);
  });
  await performMove(kit.deps, moveKey);
  await leaving;
  kit.ahead += 5 * 60_000;
  await kit.continueRuns();
  const payment = await kit.db.payment.findUniqueOrThrow({ where: { id: order.paymentId } });
  expect([Number(payment.capturedMinor), payment.capturePendingMinor]).toEqual([order.totalMinor, 0n]);
});

test('a shipment whose stock cannot be reached is tried for as long as it takes: it may have left already', async () => {
  const order = await bought();
  kit.stock.failing.add('ship');
  await ship(order, 3);
  for (let round = 0; round < 4; round += 1) {
    kit.ahead += 20 * 60_000;
    await kit.continueRuns();
  }
  expect(await kit.db.fulfillment.findMany({ where: { orderId: order.id } })).toMatchObject([{ status: 'PENDING' }]);
  kit.stock.failing.clear();
  await arrive(order);
  expect(kit.stock.holds.get(order.id)?.lines.get(order.variantId)).toBe(0);
});

test('money that a sleeping process holds for an order which was given up meanwhile goes back', async () => {
  kit.ahead = 0;
  const buyer = kit.person();
  const cart = await kit.readyCart([{ variantId: offer(), quantity: 1 }], buyer);
  const { id } = orderOf(await kit.place(cart, buyer, { token: 'tok_error' }));
  kit.ahead += 11 * 60_000;
  for (let round = 0; round < 3; round += 1) {
    kit.ahead += 60_000;
    await kit.continueRuns();
  }
  expect((await kit.db.order.findUniqueOrThrow({ where: { id } })).status).toBe('REJECTED');
  const { total } = cart;
  const request = { key: `${id}:authorize:1`, token: 'tok_success', amountMinor: total.minor, currency: 'EUR', returnUrl: '' };
  const late = await kit.deps.payments.authorize(request);
  expect(late.kind).toBe('authorized');
  await releaseDeadHolds(kit.deps);
  expect((await kit.payments.db.payment.findUniqueOrThrow({ where: { id: late.ref } })).status).toBe('VOIDED');
  kit.ahead += 120_000;
  await releaseDeadHolds(kit.deps);
  expect(await kit.db.payment.count({ where: { orderId: id, voidedAt: null } })).toBe(0);
});
