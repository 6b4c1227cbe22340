import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { releaseDeadHolds } from './service/release-dead-holds.ts';
import { codes, OrdersKit } from './testing/orders-kit.ts';
import { type Bought, SalesDesk } from './testing/sales-desk.ts';

let kit: OrdersKit;
let desk: SalesDesk;
beforeAll(async () => {
  kit = await OrdersKit.start();
  desk = new SalesDesk(kit, 80_000);
  await desk.createPromotions();
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => {
  kit.stock.failing.clear();
  desk.instead();
});

async function expectKept(order: Bought, minor: number): Promise<void> {
  kit.ahead += 120_000;
  await releaseDeadHolds(kit.deps);
  expect(await desk.keptOf(order)).toBe(minor);
  const { authorizedMinor, capturedMinor, voidedAt } = await desk.paymentOf(order);
  expect(voidedAt !== null, 'what is not needed of the hold is given back').toBe(capturedMinor < authorizedMinor);
  expect(await kit.db.return.findMany({ where: { orderId: order.id } })).toMatchObject([{ status: 'REFUNDED' }]);
  expect(await desk.disagreements()).toEqual([]);
}

test('a return waits for the outcome of a capture that pays for it, and is refunded in full', async () => {
  const order = await desk.bought([{ quantity: 2 }]);
  desk.loseCaptureAnswers();
  await desk.capture(order, order.totalMinor);
  await desk.ship(order, desk.pieces(order, 1));
  await desk.bringBack(order, desk.pieces(order, 1));
  expect(await kit.openRuns()).toBe(1);
  desk.instead();
  await desk.settle();
  await expectKept(order, order.totalMinor - desk.costOf(order, 1));
});

test('what came back before its money could be taken is not paid for with the last parcel', async () => {
  const order = await desk.bought([{ quantity: 2 }]);
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 1));
  await desk.bringBack(order, desk.pieces(order, 1));
  desk.instead();
  const left = order.totalMinor - desk.costOf(order, 1);
  expect(codes(await desk.capture(order, left + 1))).toEqual(['CAPTURE_EXCEEDS_AUTHORIZED']);
  await desk.ship(order, desk.pieces(order, 1));
  await desk.settle();
  await expectKept(order, left);
});

test('nor when another card paid than the ones that were tried before', async () => {
  const order = await desk.bought([{ quantity: 2 }], undefined, ['tok_requires_action', 'tok_declined', 'tok_success']);
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 1));
  await desk.bringBack(order, desk.pieces(order, 1));
  desk.instead();
  await desk.ship(order, desk.pieces(order, 1));
  await desk.settle();
  await expectKept(order, order.totalMinor - desk.costOf(order, 1));
});

test('nor when the rest is called off', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 2));
  await desk.bringBack(order, desk.pieces(order, 1));
  desk.instead();
  await desk.cancel(order);
  await desk.settle();
  await expectKept(order, order.totalMinor - desk.costOf(order, 3) + desk.costOf(order, 2) - desk.costOf(order, 1));
});

test('of an order that was never paid for and came back, nothing stays held but what its shipping costs', async () => {
  const order = await desk.bought([{ quantity: 2 }]);
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 2));
  await desk.bringBack(order, desk.pieces(order, 2));
  const shippingMinor = order.totalMinor - desk.costOf(order, 2);
  expect(codes(await desk.capture(order, shippingMinor + 1))).toEqual(['CAPTURE_EXCEEDS_AUTHORIZED']);
  desk.instead();
  await desk.capture(order, shippingMinor);
  await desk.settle();
  await expectKept(order, shippingMinor);
});

test('nor does anything of an order without shipping whose return was held up for days', async () => {
  const order = await desk.bought([{ quantity: 2 }], 'FREIGHT');
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 2));
  kit.stock.failing.add('restock');
  await desk.bringBack(order, desk.pieces(order, 2));
  await kit.db.order.update({ where: { id: order.id }, data: { updatedAt: new Date(Date.now() - 3 * 86_400_000) } });
  kit.stock.failing.clear();
  await desk.settle();
  await expectKept(order, 0);
});

test.each<[string, number, (cost: number) => number]>([
  ['all that was taken: what they cost is not paid for', 500, (cost) => cost],
  ['less than was taken: the rest is a fee', 300, () => 300],
])('of pieces that were not paid for in full a refund by hand takes some back and gives back %s', async (_what, refunded, less) => {
  const order = await desk.bought([{ quantity: 2 }]);
  await desk.capture(order, 500);
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 1));
  desk.instead();
  await desk.refund(order, refunded, { restock: true, lineIds: [order.lines[0]?.id] });
  await desk.ship(order, desk.pieces(order, 1));
  await desk.settle();
  expect(await desk.keptOf(order)).toBe(order.totalMinor - less(desk.costOf(order, 1)));
});
