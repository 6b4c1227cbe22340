import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { readDisagreements } from '@services/payments/invariants';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placementId } from './domain/run-ids.ts';
import { takeMoney } from './service/orders/take-money.ts';
import { voidPayments } from './service/payments/void-payments.ts';
import { codes, OrdersKit, orderFields, orderOf, type ReadyCart } from './testing/orders-kit.ts';
import { authorizePayment } from './workflows/place-order/authorize-payment.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());

let n = 30_000;

/** An order that waits for its customer, who decides at the bank; nobody tells orders of it. */
interface Waiting {
  readonly id: string;
  readonly cart: ReadyCart;
  readonly buyer: Principal;
  decide(decision: 'approve' | 'decline'): Promise<unknown>;
}

async function waiting(): Promise<Waiting> {
  n += 1;
  const buyer = kit.person();
  return waitingFor(await kit.readyCart([{ variantId: kit.stock.offer(n), quantity: 1 }], buyer), buyer);
}

async function waitingFor(cart: ReadyCart, buyer: Principal): Promise<Waiting> {
  const order = orderOf(await kit.place(cart, buyer, { token: 'tok_requires_action' }));
  const { url } = order['nextAction'] as { url: string };
  return { id: order.id, cart, buyer, decide: (decision) => fetch(`${url}/${decision}`, { method: 'POST', redirect: 'manual' }) };
}

const run = (name: string, selector: string, type: string, id: string, input: object, buyer: Principal) => {
  const query = `mutation ($id: ID!, $input: ${type}!) { ${name}(${selector}: $id, input: $input) { ${orderFields} } }`;
  return kit.mutate(query, { id, input: { idempotencyKey: newId('key'), ...input } }, buyer);
};
const cancel = (id: string, buyer: Principal) => run('orderCancel', 'id', 'OrderCancelInput', id, { reason: 'changed my mind' }, buyer);

const pay = (id: string, paymentMethodToken: string, buyer: Principal) =>
  run('orderPaymentRetry', 'orderId', 'PaymentRetryInput', id, { paymentMethodToken }, buyer);

/** The order, once no run is left. */
async function ended(id: string) {
  for (let round = 0; round < 5 && (await kit.openRuns()) > 0; round += 1) {
    kit.ahead += 60_000;
    await kit.continueRuns();
  }
  expect(await kit.openRuns()).toBe(0);
  return kit.db.order.findUniqueOrThrow({ where: { id } });
}

test.each(['before', 'while'])('an order whose customer refuses at the bank %s it is called off ends', async (when) => {
  const { id, buyer, decide } = await waiting();
  const giveBack = kit.deps.payments.void;
  if (when === 'before') await decide('decline');
  else kit.deps.payments.void = (request) => decide('decline').then(() => giveBack(request));
  expect(codes(await cancel(id, buyer))).toEqual([]);
  expect(await ended(id)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'FAILED' });
  kit.deps.payments.void = giveBack;
  expect(await kit.db.paymentOperation.count({ where: { payment: { orderId: id }, status: { in: ['PENDING', 'UNKNOWN'] } } })).toBe(0);
});

test('who refused at the bank pays with another card', async () => {
  const { id, buyer, decide } = await waiting();
  await decide('decline');
  await pay(id, 'tok_success', buyer);
  expect(await ended(id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
});

test('of an order that is called off after its customer agreed at the bank nothing is held, and the books agree', async () => {
  const { id, buyer, decide } = await waiting();
  await decide('approve');
  await cancel(id, buyer);
  expect(await ended(id)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'VOIDED' });
  await kit.payments.deliver();
  const urls = { payments: kit.payments.databaseUrl, orders: kit.config.DATABASE_URL_ORDERS };
  expect(await readDisagreements(urls)).toEqual([]);
});

test('the cart of an unpaid order that was called off is ordered again, and is not opened by what ends the first one', async () => {
  const { id, cart, buyer } = await waiting();
  const cartStatus = async () => (await kit.db.cart.findUniqueOrThrow({ where: { id: cart.id } })).status;
  expect(codes(await cancel(id, buyer))).toEqual([]);
  expect(await cartStatus()).toBe('OPEN');
  const second = await waitingFor(cart, buyer);
  await kit.continueRuns();
  expect(await kit.db.order.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'CANCELLED' });
  expect(await cartStatus()).toBe('CHECKING_OUT');
  await second.decide('approve');
  expect(await ended(second.id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
  expect(await cartStatus()).toBe('ORDERED');
});

test('an instance that slept through later attempts leaves them alone when it wakes up', async () => {
  const { id, buyer } = await waiting();
  await pay(id, 'tok_requires_action', buyer);
  await pay(id, 'tok_success', buyer);
  expect(await ended(id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
  const asleep = { runId: placementId(id), subject: id, input: { attempt: 2 }, outputs: {}, message: null, isTimeUp: false };
  await authorizePayment.run({ ...asleep, deps: kit.deps, signal: AbortSignal.timeout(60_000) });
  const payments = await kit.db.payment.findMany({ where: { orderId: id }, orderBy: { attempt: 'asc' } });
  expect(payments.map(({ attempt, voidedAt }) => [attempt, voidedAt === null])).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ]);
  expect(await kit.db.order.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
});

test('what nobody has paid for is not sent, and does not pass as paid', async () => {
  const { id, buyer, decide } = await waiting();
  await decide('approve');
  expect(await ended(id)).toMatchObject({ status: 'CONFIRMED' });
  await voidPayments(kit.deps, id);
  const [line] = await kit.db.orderLine.findMany({ where: { orderId: id } });
  const lines = [{ lineId: line?.id, quantity: 1 }];
  const staff = kit.person('ORDER_MANAGER');
  expect(codes(await run('fulfillmentCreate', 'orderId', 'FulfillmentCreateInput', id, { lines }, staff))).toEqual(['ORDER_UNPAID']);
  await expect(takeMoney(kit.deps, id, { key: newId('key'), shareMinor: 1_000 })).rejects.toThrow('no payment holds');
  expect(codes(await cancel(id, buyer))).toEqual([]);
  expect(await ended(id)).toMatchObject({ status: 'CANCELLED' });
});
