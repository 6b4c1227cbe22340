import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { salesOf } from './data/sales-figures.ts';
import { amountDue } from './domain/amount-due.ts';
import { PaymentOutcomeUnknown } from './payments/payment-provider.ts';
import { releaseDeadHolds } from './service/release-dead-holds.ts';
import { codes, OrdersKit, orderOf } from './testing/orders-kit.ts';
import { randomOf } from './testing/random-of.ts';
import { type Bought, type Pieces, promotionCodes, SalesDesk } from './testing/sales-desk.ts';

let kit: OrdersKit;
let desk: SalesDesk;
beforeAll(async () => {
  kit = await OrdersKit.start();
  desk = new SalesDesk(kit, 60_000);
  await desk.createPromotions();
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => {
  kit.stock.failing.clear();
  desk.instead();
});

const shippingMinor = 490;
const linesOf = ({ id: orderId }: Bought) => kit.db.orderLine.findMany({ where: { orderId }, orderBy: { position: 'asc' } });

async function bringBackIfArrived(order: Bought): Promise<void> {
  const arrived = await kit.db.fulfillment.count({ where: { orderId: order.id, status: 'DELIVERED' } });
  if (arrived > 0) await desk.bringBack(order, desk.pieces(order, 1));
}

test('the rest of a partly sent order is called off: its hold and its stock go back, and the order is complete', async () => {
  const order = await desk.bought([{ quantity: 3 }, { quantity: 1 }]);
  await desk.ship(order, desk.pieces(order, 1));
  const cancelled = await desk.cancel(order);
  expect(codes(cancelled)).toEqual([]);
  expect(orderOf(cancelled)).toMatchObject({
    status: 'COMPLETED',
    fulfillmentStatus: 'FULFILLED',
    paymentStatus: 'CAPTURED',
    lines: [
      { quantity: 3, fulfilledQuantity: 1, cancelledQuantity: 2 },
      { quantity: 1, fulfilledQuantity: 0, cancelledQuantity: 1 },
    ],
    availableActions: ['REQUEST_RETURN', 'REVIEW', 'REORDER'],
  });
  await desk.settle();
  const due = desk.costOf(order, 1) + shippingMinor;
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: BigInt(due), refundedMinor: 0n, voidedAt: expect.any(Date) });
  expect(order.variantIds.map((id) => kit.stock.available(id))).toEqual([99, 100]);
  const [told] = await kit.db.event.findMany({ where: { streamId: order.id, type: { in: ['order.cancelled', 'order.rest_cancelled'] } } });
  const [first, second] = order.lines;
  expect(told).toMatchObject({
    type: 'order.rest_cancelled',
    data: {
      lines: [
        { lineId: first?.id, quantity: 2 },
        { lineId: second?.id, quantity: 1 },
      ],
      reason: 'changed my mind',
    },
  });
  expect(codes(await desk.cancel(order))).toEqual(['ORDER_NOT_CANCELLABLE']);
  expect(codes(await desk.ship(order, desk.pieces(order, 1)))).toEqual(['ORDER_NOT_FULFILLABLE']);
  expect(await desk.disagreements()).toEqual([]);
});

test.each<[string, { captured?: boolean; returned?: number; refunded?: number }]>([
  ['nothing else happened', {}],
  ['all of it had been taken by hand', { captured: true }],
  ['all of it had been taken by hand and what was sent came back', { captured: true, returned: 1 }],
  ['all of it had been taken by hand and a part of that given back', { captured: true, refunded: 700 }],
  ['more than the rest had been given back by hand', { captured: true, refunded: 5_000 }],
])('what stays taken is what was sent, or less by hand: %s', async (_what, { captured = false, returned = 0, refunded = 0 }) => {
  const order = await desk.bought([{ quantity: 3 }]);
  if (captured) await desk.capture(order, order.totalMinor);
  await desk.ship(order, desk.pieces(order, 1));
  if (returned > 0) await desk.bringBack(order, desk.pieces(order, returned));
  if (refunded > 0) await desk.refund(order, refunded);
  expect(codes(await desk.cancel(order, desk.staff))).toEqual([]);
  await desk.settle();
  const due = desk.costOf(order, 1 - returned) + shippingMinor;
  expect(await desk.keptOf(order)).toBe(Math.min(due, order.totalMinor - refunded));
  expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED', fulfillmentStatus: returned > 0 ? 'RETURNED' : 'FULFILLED' });
  expect(await desk.disagreements()).toEqual([]);
});

test.each<[string, number, number]>([
  ['what they cost was refunded', 0, 0],
  ['something was kept for them', -700, 700],
  ['more than they cost was refunded', 700, 0],
])('pieces that a refund by hand took back are not paid for, nor is what was not sent: %s', async (_what, beyondCost, kept) => {
  const order = await desk.bought([{ quantity: 2 }], 'FREIGHT');
  const refunded = desk.costOf(order, 1) + beyondCost;
  await desk.capture(order, order.totalMinor);
  await desk.ship(order, desk.pieces(order, 1));
  expect(codes(await desk.refund(order, refunded, { restock: true, lineIds: [order.lines[0]?.id] }))).toEqual([]);
  expect(codes(await desk.cancel(order))).toEqual([]);
  await desk.settle();
  expect(await desk.keptOf(order)).toBe(kept);
  expect(order.variantIds.map((id) => kit.stock.available(id))).toEqual([100]);
  expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED', fulfillmentStatus: 'RETURNED' });
  expect(await desk.disagreements()).toEqual([]);
});

test('nor when that refund was refused and another one made up for it', async () => {
  const order = await desk.bought([{ quantity: 2 }], 'FREIGHT');
  const takesBack = { restock: true, lineIds: [order.lines[0]?.id] };
  await desk.capture(order, order.totalMinor);
  await desk.ship(order, desk.pieces(order, 1));
  desk.refuse('refund');
  await desk.refund(order, desk.costOf(order, 1), takesBack);
  desk.instead();
  await desk.refund(order, desk.costOf(order, 1), takesBack);
  await desk.cancel(order);
  await desk.settle();
  expect(await desk.keptOf(order)).toBe(0);
  expect(order.variantIds.map((id) => kit.stock.available(id))).toEqual([100]);
});

test('of a return that was worth more than its goods cost the rest is refunded all the same', async () => {
  const order = await desk.bought([{ quantity: 2 }], 'FREIGHT');
  await desk.capture(order, order.totalMinor);
  await desk.ship(order, desk.pieces(order, 1));
  const returnId = await desk.approved(order, desk.pieces(order, 1));
  await desk.run('returnResolve', returnId, 'ReturnResolveInput', {
    decision: 'MARK_RECEIVED',
    refund: { minor: desk.costOf(order, 1) + 700, currency: 'EUR' },
  });
  await desk.cancel(order);
  await desk.settle();
  expect(await desk.keptOf(order)).toBe(0);
});

test('sales count what was not called off', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  await desk.ship(order, desk.pieces(order, 1));
  await desk.cancel(order);
  await kit.db.order.update({ where: { id: order.id }, data: { placedAt: new Date('2020-02-02T12:00:00Z') } });
  expect(await salesOf(kit.db, '2020-02-02')).toMatchObject([{ orders: 1, units: 1, soldMinor: desk.costOf(order, 1) + shippingMinor }]);
});

test('nothing is called off while a parcel is being prepared; the pieces of one that is given up can be', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  await desk.ship(order, desk.pieces(order, 1));
  kit.stock.failing.add('ship');
  await desk.ship(order, desk.pieces(order, 1));
  expect(codes(await desk.cancel(order))).toEqual(['ORDER_NOT_CANCELLABLE']);
  kit.stock.holds.delete(order.id);
  kit.stock.failing.clear();
  await desk.settle();
  expect(codes(await desk.cancel(order))).toEqual([]);
  await desk.settle();
  expect(await linesOf(order)).toMatchObject([{ fulfilledQuantity: 1, cancelledQuantity: 2 }]);
  expect(await desk.keptOf(order)).toBe(desk.costOf(order, 1) + shippingMinor);
});

test('a parcel whose money nobody heard of is paid once when the rest is called off meanwhile', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  desk.loseCaptureAnswers();
  desk.instead({ void: () => Promise.reject(new PaymentOutcomeUnknown('away')) });
  await desk.ship(order, desk.pieces(order, 2));
  expect(codes(await desk.cancel(order))).toEqual([]);
  expect(await desk.rowOf(order)).toMatchObject({ status: 'CONFIRMED', fulfillmentStatus: 'FULFILLED' });
  desk.instead();
  await desk.settle();
  const due = BigInt(desk.costOf(order, 2) + shippingMinor);
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: due, refundedMinor: 0n, voidedAt: expect.any(Date) });
  expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED', paymentStatus: 'CAPTURED' });
  expect(await desk.disagreements()).toEqual([]);
});

test('a hold that what was sent is still to be paid from stays, and the run says why, until somebody takes the money by hand', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  desk.refuse('capture');
  await desk.ship(order, desk.pieces(order, 1));
  await desk.cancel(order);
  const [run] = await kit.db.$queryRaw<object[]>`SELECT status, step, last_error AS why FROM workflow.run WHERE ended_at IS NULL`;
  expect(run).toMatchObject({ step: 'give-back-money', why: expect.stringContaining('take it by hand') });
  desk.instead();
  const due = desk.costOf(order, 1) + shippingMinor;
  expect(codes(await desk.capture(order, due + 1))).toEqual(['CAPTURE_EXCEEDS_AUTHORIZED']);
  expect(codes(await desk.capture(order, due))).toEqual([]);
  await desk.settle();
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: BigInt(due), voidedAt: expect.any(Date) });
});

/** Staff refunds all that was sent of the first line and takes it back. False: that much was not taken. */
async function takeBackByHand(order: Bought): Promise<boolean> {
  await desk.settle();
  const [line] = await linesOf(order);
  const costs = desk.costOf(order, line?.fulfilledQuantity ?? 0);
  if (costs === 0 || costs > (await desk.keptOf(order))) return false;
  const outcome = await desk.refund(order, costs, { restock: true, lineIds: [line?.id] });
  expect(codes(outcome)).toEqual([]);
  return true;
}

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 100_000);
console.log(`seed ${seed}`);

test('parcels, returns and calling off at the same instant: money and stock add up to what was sent and stayed', async () => {
  const random = randomOf(seed);
  for (let round = 0; round < 10; round += 1) {
    const goods = Array.from({ length: 1 + random(3) }, () => ({ quantity: 2 + random(4), priceMinor: 1 + random(5_000) }));
    const order = await desk.bought(goods, promotionCodes[random(5)]);
    desk.loseAnswers(random);
    if (random(3) === 0 && order.totalMinor > 0) await desk.capture(order, 1 + random(order.totalMinor));
    const parcel = (): Pieces[] => order.lines.map(({ id, quantity }) => ({ lineId: id, quantity: 1 + random(quantity - 1) }));
    if (random(3) === 0) desk.refuse('capture');
    await desk.ship(order, parcel().slice(0, 1));
    desk.loseAnswers(random);
    const isTakenBack = random(3) === 0 && (await takeBackByHand(order));
    await Promise.all([
      desk.ship(order, parcel().slice(-1)),
      desk.cancel(order),
      desk.ship(order, parcel().slice(0, 1)),
      !isTakenBack && bringBackIfArrived(order),
    ]);
    await desk.settle();
    const [sent] = (await linesOf(order)).filter(({ fulfilledQuantity, returnedQuantity }) => fulfilledQuantity > returnedQuantity);
    await Promise.all([desk.cancel(order), sent && desk.bringBack(order, [{ lineId: sent.id, quantity: 1 }])]);
    await desk.settle();
    kit.ahead += 120_000;
    await releaseDeadHolds(kit.deps);
    const lines = (await linesOf(order)).map((line) => ({ ...line, totalMinor: Number(line.totalMinor) }));
    const goodsMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0);
    const due = amountDue({ shippingMinor: order.totalMinor - goodsMinor }, lines);
    const back = lines.reduce((sum, line) => sum + Math.floor((line.totalMinor * line.returnedQuantity) / line.quantity), 0);
    expect([seed, round, await desk.keptOf(order)]).toEqual([seed, round, due - back]);
    expect(lines.map(({ quantity, fulfilledQuantity, cancelledQuantity }) => quantity - fulfilledQuantity - cancelledQuantity)).toEqual(
      lines.map(() => 0),
    );
    const kept = lines.map(({ fulfilledQuantity, returnedQuantity }) => 100 - fulfilledQuantity + returnedQuantity);
    expect(order.variantIds.map((id) => kit.stock.available(id))).toEqual(kept);
    expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED' });
    const { authorizedMinor, capturedMinor, voidedAt } = await desk.paymentOf(order);
    expect([seed, round, voidedAt === null]).toEqual([seed, round, capturedMinor === authorizedMinor]);
    desk.instead();
  }
  expect(await desk.disagreements()).toEqual([]);
}, 240_000);
