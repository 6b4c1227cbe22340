import { newId, withTx } from '@app/database';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Tx } from './data/database.ts';
import { PaymentOutcomeUnknown } from './payments/payment-provider.ts';
import { intendMove } from './service/payments/move-money.ts';
import type { Inventory } from './service/ports.ts';
import { releaseDeadHolds } from './service/release-dead-holds.ts';
import { settleUnknown } from './service/settle-unknown.ts';
import { codes, OrdersKit, orderOf } from './testing/orders-kit.ts';
import { SalesDesk } from './testing/sales-desk.ts';

let kit: OrdersKit;
let desk: SalesDesk;
let inventory: Inventory;
beforeAll(async () => {
  kit = await OrdersKit.start();
  desk = new SalesDesk(kit, 40_000);
  inventory = { ...kit.deps.inventory };
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => {
  kit.stock.failing.clear();
  desk.instead();
  Object.assign(kit.deps.inventory, inventory);
});

const away = () => Promise.reject(new PaymentOutcomeUnknown('away'));

/** Stock is taken, but nobody hears of it; after that products is away. */
function loseAnswerOfShip(): void {
  Object.assign(kit.deps.inventory, {
    ship: async (...parcel: Parameters<Inventory['ship']>) => {
      if (!kit.stock.failing.has('ship')) await inventory.ship(...parcel);
      kit.stock.failing.add('ship');
      throw new Error('products is away');
    },
  });
}

/** Products is back. */
function findProducts(): void {
  kit.stock.failing.clear();
  Object.assign(kit.deps.inventory, inventory);
}

test('goods whose leaving nobody heard of before products went away leave once', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  loseAnswerOfShip();
  expect(orderOf(await desk.ship(order, desk.pieces(order, 2)))).toMatchObject({ fulfillments: [{ status: 'PENDING' }] });
  await kit.continueRuns();
  findProducts();
  await desk.settle();
  expect(kit.stock.offers.get(order.variantIds[0] ?? '')?.onHand).toBe(98);
  expect(kit.stock.holds.get(order.id)?.lines.get(order.variantIds[0] ?? '')).toBe(1);
  expect(await desk.rowOf(order)).toMatchObject({ fulfillmentStatus: 'PARTIALLY_FULFILLED', paymentStatus: 'PARTIALLY_CAPTURED' });
});

test('a shipment whose goods may have left is not turned around by hand: it ends as products says', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  loseAnswerOfShip();
  const { fulfillments } = orderOf(await desk.ship(order, desk.pieces(order, 3))) as unknown as { fulfillments: { id: string }[] };
  const query = 'mutation ($id: ID!) { workflowCompensate(id: $id, input: { reason: "it hangs" }) { userErrors { code } } }';
  const turned = await kit.mutate(query, { id: `ship:${fulfillments[0]?.id}` }, desk.staff);
  findProducts();
  await desk.settle();
  expect(codes(turned)).toEqual(['RUN_NOT_COMPENSABLE']);
  expect(kit.stock.offers.get(order.variantIds[0] ?? '')?.onHand).toBe(97);
  expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED', paymentStatus: 'CAPTURED' });
});

test('what a capture by hand did not take after all is taken with the last parcel', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  desk.instead({ capture: (request) => (request.amountMinor === 1_000 ? away() : desk.payments.capture(request)) });
  await desk.capture(order, 1_000);
  await desk.ship(order, desk.pieces(order, 3));
  desk.instead({
    capture: async (request) =>
      request.amountMinor === 1_000 ? { kind: 'failed', ref: 'refused', code: 'refused' } : desk.payments.capture(request),
  });
  kit.ahead += 120_000;
  await settleUnknown(kit.deps);
  await desk.settle();
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: BigInt(order.totalMinor), capturePendingMinor: 0n });
  expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED', paymentStatus: 'CAPTURED' });
  expect(await desk.disagreements()).toEqual([]);
});

test('money that was taken by hand and nobody heard of goes back, also when the sweep comes before the cancellation', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  desk.loseCaptureAnswers();
  await desk.capture(order, 1_000);
  kit.stock.failing.add('release');
  expect(orderOf(await desk.cancel(order))).toMatchObject({ status: 'CANCELLED' });
  desk.instead();
  kit.ahead += 120_000;
  await releaseDeadHolds(kit.deps);
  kit.stock.failing.clear();
  await desk.settle();
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: 1_000n, refundedMinor: 1_000n, voidedAt: expect.any(Date) });
  expect(await desk.disagreements()).toEqual([]);
});

test('moves that can never be asked for do not keep others from being asked for', async () => {
  const [hopeless, lost] = [await desk.bought([{ quantity: 1 }]), await desk.bought([{ quantity: 1 }])];
  for (const { paymentId } of [hopeless, lost]) {
    const move = { key: newId('key'), paymentId, kind: 'CAPTURE', amountMinor: 100, detail: { actor: 'staff' } } as const;
    await withTx(kit.db, (tx: Tx) => intendMove(tx, move));
  }
  const { providerRef } = await desk.paymentOf(hopeless);
  desk.instead({
    capture: (request) => (request.ref === providerRef ? Promise.reject(new Error('nobody knows it')) : desk.payments.capture(request)),
  });
  kit.ahead += 120_000;
  for (let round = 0; round < 2; round += 1) await settleUnknown(kit.deps, 1);
  expect(await desk.paymentOf(lost)).toMatchObject({ capturedMinor: 100n, capturePendingMinor: 0n });
});

test('money that the provider refuses to give back is told of in the history, and given back by hand', async () => {
  const [returned, cancelled] = [await desk.bought([{ quantity: 1 }]), await desk.bought([{ quantity: 1 }])];
  await desk.ship(returned, desk.pieces(returned, 1));
  await desk.capture(cancelled, 1_000);
  desk.refuse('refund');
  expect(orderOf(await desk.bringBack(returned, desk.pieces(returned, 1)))).toMatchObject({ returns: [{ status: 'RECEIVED' }] });
  expect(orderOf(await desk.cancel(cancelled, desk.staff))).toMatchObject({ status: 'CANCELLED', availableActions: ['REFUND'] });
  for (const { id: orderId } of [returned, cancelled])
    expect(await kit.db.orderEntry.count({ where: { orderId, kind: 'REFUND_FAILED' } })).toBe(1);
  desk.instead();
  expect(codes(await desk.refund(returned, returned.lines[0]?.total.minor ?? 0))).toEqual([]);
  expect(orderOf(await desk.refund(cancelled, 1_000))).toMatchObject({ paymentStatus: 'REFUNDED' });
});
