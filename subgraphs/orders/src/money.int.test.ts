import { setTimeout } from 'node:timers/promises';
import { newId, withTx } from '@app/database';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Tx } from './data/database.ts';
import { PaymentOutcomeUnknown } from './payments/payment-provider.ts';
import { deriveFulfillment, lockOrder } from './service/orders/lock-order.ts';
import { completeMove, intendMove } from './service/payments/move-money.ts';
import { settleUnknown } from './service/settle-unknown.ts';
import { codes, OrdersKit, orderOf } from './testing/orders-kit.ts';
import { randomOf } from './testing/random-of.ts';
import { type Pieces, promotionCodes, SalesDesk } from './testing/sales-desk.ts';

let kit: OrdersKit;
let desk: SalesDesk;
beforeAll(async () => {
  kit = await OrdersKit.start();
  desk = new SalesDesk(kit, 20_000);
  await desk.createPromotions();
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => {
  kit.stock.failing.clear();
  desk.instead();
});

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 100_000);
console.log(`seed ${seed}`);

test('after a part came back the rest is sent and paid for', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  await desk.ship(order, desk.pieces(order, 1));
  await desk.bringBack(order, desk.pieces(order, 1));
  const rest = await desk.ship(order, desk.pieces(order, 2));
  expect(codes(rest)).toEqual([]);
  expect(orderOf(rest)).toMatchObject({
    status: 'COMPLETED',
    fulfillmentStatus: 'PARTIALLY_RETURNED',
    paymentStatus: 'PARTIALLY_REFUNDED',
  });
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: BigInt(order.totalMinor) });
});

test('a refund puts back into stock what was sent, not what is only being prepared', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  await desk.ship(order, desk.pieces(order, 1));
  kit.stock.failing.add('ship');
  await desk.ship(order, desk.pieces(order, 2));
  await desk.refund(order, 100, { restock: true, lineIds: [order.lines[0]?.id] });
  expect(kit.stock.offers.get(order.variantIds[0] ?? '')?.onHand).toBe(100);
  kit.stock.holds.delete(order.id);
  kit.stock.failing.clear();
  await desk.settle();
  const [line] = await kit.db.orderLine.findMany({ where: { orderId: order.id } });
  expect(line).toMatchObject({ fulfilledQuantity: 1, returnedQuantity: 1 });
});

test('a shipment that is given up while another is prepared leaves the order as its lines say', async () => {
  const order = await desk.bought([{ quantity: 1 }, { quantity: 1 }]);
  kit.stock.failing.add('ship');
  await desk.ship(order, desk.pieces(order, 1));
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
  await desk.settle();
  expect(await kit.db.fulfillment.findMany({ where: { orderId: order.id } })).toMatchObject([{ status: 'CANCELLED' }]);
  expect(await desk.rowOf(order)).toMatchObject({ fulfillmentStatus: 'PARTIALLY_FULFILLED' });
});

test('pieces that come back one by one give back what the line cost', async () => {
  const order = await desk.bought([{ quantity: 3, priceMinor: 999 }]);
  await desk.ship(order, desk.pieces(order, 3));
  for (let piece = 0; piece < 3; piece += 1) await desk.bringBack(order, desk.pieces(order, 1));
  expect(await desk.paymentOf(order)).toMatchObject({ refundedMinor: BigInt(order.lines[0]?.total.minor ?? 0) });
  expect(await desk.rowOf(order)).toMatchObject({ fulfillmentStatus: 'RETURNED' });
});

test('a refund of a return tells of the pieces that came back, not of the whole line', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  await desk.ship(order, desk.pieces(order, 3));
  await desk.bringBack(order, desk.pieces(order, 1));
  const told = await kit.db.event.findMany({ where: { streamId: order.id, type: 'order.refunded' } });
  expect(told).toMatchObject([{ data: { lines: desk.pieces(order, 1) } }]);
});

test('a return that arrives beside a refund which then fails still gives its money back', async () => {
  const order = await desk.bought([{ quantity: 1 }]);
  await desk.ship(order, desk.pieces(order, 1));
  const move = {
    key: newId('key'),
    paymentId: order.paymentId,
    kind: 'REFUND',
    amountMinor: order.totalMinor,
    detail: { actor: 'staff' },
  } as const;
  expect(await withTx(kit.db, (tx: Tx) => intendMove(tx, move))).toBe(true);
  await desk.bringBack(order, desk.pieces(order, 1));
  desk.refuse('refund');
  await completeMove(kit.deps, move.key);
  desk.instead();
  await desk.settle();
  expect(await desk.paymentOf(order)).toMatchObject({ refundedMinor: BigInt(order.lines[0]?.total.minor ?? 0), refundPendingMinor: 0n });
});

test('a capture whose answer was lost before payments went away is made once, and the order ends', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  let calls = 0;
  desk.instead({
    capture: async (request) => {
      calls += 1;
      if (calls === 1) await desk.payments.capture(request);
      if (calls < 5) throw new PaymentOutcomeUnknown('away');
      return desk.payments.capture(request);
    },
  });
  expect(orderOf(await desk.ship(order, desk.pieces(order, 1)))).toMatchObject({
    paymentStatus: 'AUTHORIZED',
    fulfillments: [{ status: 'SHIPPED' }],
  });
  kit.ahead += 120_000;
  await Promise.all([desk.settle(), settleUnknown(kit.deps)]);
  expect(calls).toBeGreaterThanOrEqual(5);
  expect(await desk.rowOf(order)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'PARTIALLY_CAPTURED' });
  expect(orderOf(await desk.ship(order, desk.pieces(order, 2)))).toMatchObject({ status: 'COMPLETED', paymentStatus: 'CAPTURED' });
  expect(await kit.db.paymentEvent.count({ where: { paymentId: order.paymentId, kind: 'CAPTURED' } })).toBe(2);
  expect(await desk.paymentOf(order)).toMatchObject({ capturedMinor: BigInt(order.totalMinor), capturePendingMinor: 0n });
  expect(await desk.disagreements()).toEqual([]);
});

test('however an order is split, what is taken adds up to its total, and what comes back to the goods', async () => {
  const random = randomOf(seed);
  for (let round = 0; round < 10; round += 1) {
    const goods = Array.from({ length: 1 + random(3) }, () => ({ quantity: 1 + random(5), priceMinor: 1 + random(5_000) }));
    const order = await desk.bought(goods, promotionCodes[random(5)]);
    desk.loseAnswers(random);
    const left = order.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
    const sent: Pieces[] = [];
    while (left.some(({ quantity }) => quantity > 0)) {
      const parcels = Array.from({ length: 1 + random(3) }, () => left.flatMap((line) => take(line, random(line.quantity + 2))));
      const leaving = parcels.filter(({ length }) => length > 0);
      const answers = await Promise.all(leaving.map((parcel) => desk.ship(order, parcel)));
      expect(answers.flatMap(codes)).toEqual([]);
      await desk.settle();
      sent.push(...leaving.flat());
      // Some pieces come back before the rest leaves.
      for (const back of sent.splice(0, random(2))) await desk.bringBack(order, [back]);
    }
    for (const back of sent) await desk.bringBack(order, [back]);
    await desk.settle();
    const { capturedMinor, capturePendingMinor, refundedMinor } = await desk.paymentOf(order);
    const goodsMinor = order.lines.reduce((sum, { total }) => sum + total.minor, 0);
    expect([seed, round, Number(capturedMinor), Number(refundedMinor)]).toEqual([seed, round, order.totalMinor, goodsMinor]);
    expect(capturePendingMinor).toBe(0n);
    expect(await desk.rowOf(order)).toMatchObject({ status: 'COMPLETED', fulfillmentStatus: 'RETURNED' });
    expect(order.variantIds.map((id) => kit.stock.available(id))).toEqual(goods.map(() => 100));
    desk.instead();
  }
  expect(await desk.disagreements()).toEqual([]);
}, 240_000);

/** Up to so many pieces of what is left of a line. */
function take(line: { readonly lineId: string; quantity: number }, wanted: number): Pieces[] {
  const quantity = Math.min(line.quantity, wanted);
  line.quantity -= quantity;
  return quantity > 0 ? [{ lineId: line.lineId, quantity }] : [];
}

test('refunds and returns at the same instant give back no more than was taken, and each piece once', async () => {
  const random = randomOf(seed);
  for (let round = 0; round < 5; round += 1) {
    const order = await desk.bought([{ quantity: 4, priceMinor: 1 + random(3_000) }]);
    await desk.ship(order, desk.pieces(order, 4));
    desk.loseAnswers(random);
    const returns = [await desk.approved(order, desk.pieces(order, 1)), await desk.approved(order, desk.pieces(order, 2))];
    const amounts = [0, 1, 2].map(() => 1 + random(order.totalMinor / 2));
    const restock = { restock: true, lineIds: [order.lines[0]?.id] };
    await Promise.all([
      ...returns.map((id) => desk.receive(id)),
      ...amounts.map((minor, index) => desk.refund(order, minor, index === 0 ? restock : {})),
    ]);
    await desk.settle();
    const { capturedMinor, refundedMinor, refundPendingMinor } = await desk.paymentOf(order);
    expect([seed, round, refundPendingMinor, refundedMinor <= capturedMinor]).toEqual([seed, round, 0n, true]);
    const [line] = await kit.db.orderLine.findMany({ where: { orderId: order.id } });
    expect(kit.stock.offers.get(order.variantIds[0] ?? '')?.onHand).toBe(96 + (line?.returnedQuantity ?? 0));
    expect(await kit.db.return.count({ where: { orderId: order.id, status: 'REFUNDED' } })).toBe(2);
    desk.instead();
  }
  expect(await desk.disagreements()).toEqual([]);
}, 120_000);
