import { setTimeout } from 'node:timers/promises';
import type { Principal } from '@app/auth';
import { newId, withTx } from '@app/database';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Tx } from './data/database.ts';
import type { PaymentProvider } from './payments/payment-provider.ts';
import { deriveFulfillment, lockOrder } from './service/orders/lock-order.ts';
import { completeMove, intendMove } from './service/payments/move-money.ts';
import { codes, type Field, OrdersKit, orderFields, orderOf } from './testing/orders-kit.ts';

let kit: OrdersKit;
let staff: ReturnType<OrdersKit['person']>;
let payments: PaymentProvider;
beforeAll(async () => {
  kit = await OrdersKit.start();
  staff = kit.person('ORDER_MANAGER');
  payments = { ...kit.deps.payments };
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => {
  kit.stock.failing.clear();
  instead(payments);
});

/** Puts something between orders and the payments service, until the test ends. */
function instead(calls: Partial<PaymentProvider>): void {
  Object.assign(kit.deps.payments, calls);
}

let n = 20_000;
const offer = (priceMinor = 1_999) => {
  n += 1;
  return kit.stock.offer(n, { priceMinor });
};
const key = () => newId('key');

interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

interface Bought {
  readonly id: string;
  readonly buyer: Principal;
  readonly variantIds: readonly string[];
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly total: { readonly minor: number } }[];
  readonly totalMinor: number;
  readonly paymentId: string;
}

/** A confirmed order. */
async function bought(goods: readonly { readonly quantity: number; readonly priceMinor?: number }[]): Promise<Bought> {
  const buyer = kit.person();
  const variantIds = goods.map(({ priceMinor }) => offer(priceMinor));
  const cart = await kit.readyCart(
    goods.map(({ quantity }, index) => ({ variantId: variantIds[index] ?? '', quantity })),
    buyer,
  );
  const { id } = orderOf(await kit.place(cart, buyer));
  await settle();
  const { data } = await kit.ask(`{ order(id: "${id}") { status lines { id quantity total { minor } } payments { id } } }`, {}, buyer);
  const order = data?.['order'] as { status: string; lines: Bought['lines']; payments: { id: string }[] } | undefined;
  expect(order?.status).toBe('CONFIRMED');
  const paymentId = order?.payments[0]?.id ?? '';
  return { id, buyer, variantIds, lines: order?.lines ?? [], totalMinor: cart.total.minor, paymentId };
}

/** A busy machine takes its time: works on until every run has ended. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20 && (await kit.openRuns()) > 0; round += 1) {
    kit.ahead += 60_000;
    await kit.continueRuns();
  }
  expect(await kit.openRuns()).toBe(0);
}

const run = (name: string, id: string, type: string, input: object, principal: Principal = staff): Promise<Field> => {
  const argument = name === 'returnResolve' ? 'id' : 'orderId';
  const query = `mutation ($id: ID!, $input: ${type}!) { ${name}(${argument}: $id, input: $input) { ${orderFields} } }`;
  return kit.mutate(query, { id, input: { idempotencyKey: key(), ...input } }, principal);
};
const ship = ({ id }: Bought, lines: readonly Pieces[]) => run('fulfillmentCreate', id, 'FulfillmentCreateInput', { lines });
const pieces = ({ lines }: Bought, quantity: number): Pieces[] => [{ lineId: lines[0]?.id ?? '', quantity }];
const refund = ({ id }: Bought, minor: number, more: object = {}) =>
  run('refundCreate', id, 'RefundCreateInput', { amount: { minor, currency: 'EUR' }, reason: 'goodwill', ...more });

/** An approved return of pieces that arrived. */
async function approved(order: Bought, back: readonly Pieces[]): Promise<string> {
  const input = { lines: back.map((line) => ({ ...line, reason: 'OTHER' })) };
  const asked = await run('returnRequest', order.id, 'ReturnRequestInput', input, order.buyer);
  expect(codes(asked)).toEqual([]);
  const { id = '' } = (orderOf(asked)['returns'] as { id: string }[]).at(-1) ?? {};
  await run('returnResolve', id, 'ReturnResolveInput', { decision: 'APPROVE' });
  return id;
}
const receive = (returnId: string) => run('returnResolve', returnId, 'ReturnResolveInput', { decision: 'MARK_RECEIVED' });
const bringBack = async (order: Bought, back: readonly Pieces[]) => receive(await approved(order, back));

const paymentOf = ({ paymentId }: Bought) => kit.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
const rowOf = ({ id }: { readonly id: string }) => kit.db.order.findUniqueOrThrow({ where: { id } });

test('after a part came back the rest is sent and paid for', async () => {
  const order = await bought([{ quantity: 3 }]);
  await ship(order, pieces(order, 1));
  await bringBack(order, pieces(order, 1));
  const rest = await ship(order, pieces(order, 2));
  expect(codes(rest)).toEqual([]);
  expect(orderOf(rest)).toMatchObject({
    status: 'COMPLETED',
    fulfillmentStatus: 'PARTIALLY_RETURNED',
    paymentStatus: 'PARTIALLY_REFUNDED',
  });
  expect(await paymentOf(order)).toMatchObject({ capturedMinor: BigInt(order.totalMinor) });
});

test('a refund puts back into stock what was sent, not what is only being prepared', async () => {
  const order = await bought([{ quantity: 3 }]);
  await ship(order, pieces(order, 1));
  kit.stock.failing.add('ship');
  await ship(order, pieces(order, 2));
  await refund(order, 100, { restock: true, lineIds: [order.lines[0]?.id] });
  expect(kit.stock.offers.get(order.variantIds[0] ?? '')?.onHand).toBe(100);
  kit.stock.holds.delete(order.id);
  kit.stock.failing.clear();
  await settle();
  const [line] = await kit.db.orderLine.findMany({ where: { orderId: order.id } });
  expect(line).toMatchObject({ fulfilledQuantity: 1, returnedQuantity: 1 });
});

test('a shipment that is given up while another is prepared leaves the order as its lines say', async () => {
  const order = await bought([{ quantity: 1 }, { quantity: 1 }]);
  kit.stock.failing.add('ship');
  await ship(order, pieces(order, 1));
  kit.stock.holds.delete(order.id);
  kit.stock.failing.clear();
  let givingUp: Promise<unknown> = Promise.resolve();
  await withTx(kit.db, async (tx: Tx) => {
    await lockOrder(tx, order.id);
    givingUp = kit.continueRuns();
    await setTimeout(1_000);
    await tx.orderLine.update({ where: { id: order.lines[1]?.id ?? '' }, data: { fulfilledQuantity: 1 } });
    await deriveFulfillment(tx, order.id);
  });
  await givingUp;
  await settle();
  expect(await kit.db.fulfillment.findMany({ where: { orderId: order.id } })).toMatchObject([{ status: 'CANCELLED' }]);
  expect(await rowOf(order)).toMatchObject({ fulfillmentStatus: 'PARTIALLY_FULFILLED' });
});

test('pieces that come back one by one give back what the line cost', async () => {
  const order = await bought([{ quantity: 3, priceMinor: 999 }]);
  await ship(order, pieces(order, 3));
  for (let piece = 0; piece < 3; piece += 1) await bringBack(order, pieces(order, 1));
  expect(await paymentOf(order)).toMatchObject({ refundedMinor: BigInt(order.lines[0]?.total.minor ?? 0) });
  expect(await rowOf(order)).toMatchObject({ fulfillmentStatus: 'RETURNED' });
});

test('a return that arrives beside a refund which then fails still gives its money back', async () => {
  const order = await bought([{ quantity: 1 }]);
  await ship(order, pieces(order, 1));
  const move = {
    key: key(),
    paymentId: order.paymentId,
    kind: 'REFUND',
    amountMinor: order.totalMinor,
    detail: { actor: 'staff' },
  } as const;
  expect(await withTx(kit.db, (tx: Tx) => intendMove(tx, move))).toBe(true);
  await bringBack(order, pieces(order, 1));
  instead({ refund: async () => ({ kind: 'failed', ref: 'refused', code: 'refused' }) });
  await completeMove(kit.deps, move.key);
  instead(payments);
  await settle();
  expect(await paymentOf(order)).toMatchObject({ refundedMinor: BigInt(order.lines[0]?.total.minor ?? 0), refundPendingMinor: 0n });
});
