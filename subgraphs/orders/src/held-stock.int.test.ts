import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placementId } from './domain/run-ids.ts';
import { codes, OrdersKit, orderFields, orderOf } from './testing/orders-kit.ts';
import { confirmOrder } from './workflows/place-order/confirm-order.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());

let n = 0;
const minuteMs = 60_000;

/** An order of the last piece, which waits for its customer at the bank. */
async function waiting(): Promise<{ id: string; buyer: Principal; cartId: string; variantId: string; approve(): Promise<unknown> }> {
  n += 1;
  const buyer = kit.person();
  const variantId = kit.stock.offer(n, { onHand: 1 });
  const cart = await kit.readyCart([{ variantId, quantity: 1 }], buyer);
  const order = orderOf(await kit.place(cart, buyer, { token: 'tok_requires_action' }));
  const { url } = order['nextAction'] as { url: string };
  return {
    id: order.id,
    buyer,
    cartId: cart.id,
    variantId,
    approve: () => fetch(`${url}/approve`, { method: 'POST', redirect: 'manual' }),
  };
}

/** Nobody worked for longer than stock is held, and somebody else has the last piece by now. */
function sellElsewhere(variantId: string): void {
  kit.ahead += 21 * minuteMs;
  const offer = kit.stock.offers.get(variantId);
  if (offer) offer.onHand = 0;
}

const act = (name: string, selector: string, type: string, id: string, input: object, principal: Principal) => {
  const query = `mutation ($id: ID!, $input: ${type}!) { ${name}(${selector}: $id, input: $input) { ${orderFields} } }`;
  return kit.mutate(query, { id, input: { idempotencyKey: newId('key'), ...input } }, principal);
};

/** The order, once no run is left. */
async function ended(id: string) {
  for (let round = 0; round < 5 && (await kit.openRuns()) > 0; round += 1) await kit.continueRuns();
  expect(await kit.openRuns()).toBe(0);
  return kit.db.order.findUniqueOrThrow({ where: { id } });
}

test('who confirms after the hold lapsed and the piece was sold gets the money back and keeps the cart', async () => {
  const { id, cartId, variantId, approve } = await waiting();
  await approve();
  sellElsewhere(variantId);
  expect(await ended(id)).toMatchObject({ status: 'REJECTED', failureReason: 'OUT_OF_STOCK', paymentStatus: 'VOIDED' });
  expect(await kit.db.cart.findUniqueOrThrow({ where: { id: cartId } })).toMatchObject({ status: 'OPEN' });
  expect(kit.stock.holds.has(id)).toBe(false);
});

test('while its customer may still confirm, the hold of an order does not lapse', async () => {
  const { id } = await waiting();
  kit.ahead += 14 * minuteMs;
  await kit.continueRuns();
  const lastsMs = (kit.stock.holds.get(id)?.expiresAtMs ?? 0) - Date.now() - kit.ahead;
  expect(lastsMs).toBeGreaterThan(15 * minuteMs);
});

test('another card is confirmed within the time that the first one opened', async () => {
  const { id, buyer } = await waiting();
  kit.ahead += 14 * minuteMs;
  await act('orderPaymentRetry', 'orderId', 'PaymentRetryInput', id, { paymentMethodToken: 'tok_requires_action' }, buyer);
  const payments = await kit.db.payment.findMany({ where: { orderId: id }, orderBy: { attempt: 'asc' } });
  expect(payments).toHaveLength(2);
  expect(payments[1]?.nextActionExpiresAt).toEqual(payments[0]?.nextActionExpiresAt);
  kit.ahead += 2 * minuteMs;
  expect(await ended(id)).toMatchObject({ status: 'EXPIRED', paymentStatus: 'VOIDED' });
  expect(kit.stock.holds.has(id)).toBe(false);
});

test('an order is not confirmed when its hold lapsed between its payment and its confirmation', async () => {
  const { id, variantId } = await waiting();
  const outputs = { 'reserve-stock': new Date(Date.now() + kit.ahead + 20 * minuteMs).toISOString() };
  await kit.parts.workflows.cancel(placementId(id));
  sellElsewhere(variantId);
  const confirming = { runId: placementId(id), subject: id, input: {}, outputs, message: null, isTimeUp: false };
  const outcome = await confirmOrder.run({ ...confirming, deps: kit.deps, signal: AbortSignal.timeout(minuteMs) });
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { reason: 'OUT_OF_STOCK', variantIds: [variantId] } });
});

test.each(['STUCK', 'CANCELLED'])(
  'a confirmed order whose stock cannot be allocated, with a placement that is %s, can be called off',
  async (status) => {
    n += 1;
    const buyer = kit.person();
    const cart = await kit.readyCart([{ variantId: kit.stock.offer(n, { onHand: 1 }), quantity: 1 }], buyer);
    kit.stock.failing.add('commit');
    const { id } = orderOf(await kit.place(cart, buyer));
    const cancel = () => act('orderCancel', 'id', 'OrderCancelInput', id, { reason: 'it takes too long' }, buyer);
    expect(codes(await cancel())).toEqual(['ORDER_BUSY']);
    const placement = async () => (await kit.parts.workflows.find(placementId(id)))?.status;
    if (status === 'CANCELLED') await kit.parts.workflows.cancel(placementId(id));
    else for (let round = 0; round < 10 && (await placement()) !== 'STUCK'; round += 1) await kit.continueRuns();
    expect(await placement()).toBe(status);
    expect(codes(await cancel())).toEqual([]);
    expect(await ended(id)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'VOIDED' });
    expect(kit.stock.holds.has(id)).toBe(false);
    kit.stock.failing.clear();
  },
);
