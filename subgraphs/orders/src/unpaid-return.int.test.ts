import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PaymentOutcomeUnknown, type PaymentProvider } from './payments/payment-provider.ts';
import { releaseDeadHolds } from './service/release-dead-holds.ts';
import { codes, OrdersKit } from './testing/orders-kit.ts';
import { type Bought, SalesDesk } from './testing/sales-desk.ts';

let kit: OrdersKit;
let desk: SalesDesk;
beforeAll(async () => {
  kit = await OrdersKit.start();
  desk = new SalesDesk(kit, 80_000);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => desk.instead());

const costOf = ({ lines }: Bought, pieces: number) => Math.floor(((lines[0]?.total.minor ?? 0) * pieces) / (lines[0]?.quantity ?? 1));
const refused: PaymentProvider['capture'] = async () => ({ kind: 'failed', ref: 'refused', code: 'refused' });

async function expectKept(order: Bought, minor: number): Promise<void> {
  kit.ahead += 120_000;
  await releaseDeadHolds(kit.deps);
  const { authorizedMinor, capturedMinor, refundedMinor, voidedAt } = await desk.paymentOf(order);
  expect(Number(capturedMinor - refundedMinor)).toBe(minor);
  expect(voidedAt !== null, 'what is not needed of the hold is given back').toBe(capturedMinor < authorizedMinor);
  expect(await kit.db.return.findMany({ where: { orderId: order.id } })).toMatchObject([{ status: 'REFUNDED' }]);
  expect(await desk.disagreements()).toEqual([]);
}

test('a return waits for the outcome of a capture that pays for it, and is refunded in full', async () => {
  const order = await desk.bought([{ quantity: 2 }]);
  desk.instead({
    capture: async (request) => {
      await desk.payments.capture(request);
      throw new PaymentOutcomeUnknown('lost on its way back');
    },
  });
  await desk.capture(order, order.totalMinor);
  await desk.ship(order, desk.pieces(order, 1));
  await desk.bringBack(order, desk.pieces(order, 1));
  expect(await kit.openRuns()).toBe(1);
  desk.instead();
  await desk.settle();
  await expectKept(order, order.totalMinor - costOf(order, 1));
});

test('what came back before its money could be taken is not paid for with the last parcel', async () => {
  const order = await desk.bought([{ quantity: 2 }]);
  desk.instead({ capture: refused });
  await desk.ship(order, desk.pieces(order, 1));
  await desk.bringBack(order, desk.pieces(order, 1));
  desk.instead();
  const left = order.totalMinor - costOf(order, 1);
  expect(codes(await desk.capture(order, left + 1))).toEqual(['CAPTURE_EXCEEDS_AUTHORIZED']);
  await desk.ship(order, desk.pieces(order, 1));
  await desk.settle();
  await expectKept(order, left);
});

test('nor when the rest is called off', async () => {
  const order = await desk.bought([{ quantity: 3 }]);
  desk.instead({ capture: refused });
  await desk.ship(order, desk.pieces(order, 2));
  await desk.bringBack(order, desk.pieces(order, 1));
  desk.instead();
  await desk.cancel(order);
  await desk.settle();
  await expectKept(order, order.totalMinor - costOf(order, 3) + costOf(order, 2) - costOf(order, 1));
});

test('of an order that was never paid for and came back, nothing stays held but what its shipping costs', async () => {
  const order = await desk.bought([{ quantity: 2 }]);
  desk.instead({ capture: refused });
  await desk.ship(order, desk.pieces(order, 2));
  await desk.bringBack(order, desk.pieces(order, 2));
  const shippingMinor = order.totalMinor - costOf(order, 2);
  expect(codes(await desk.capture(order, shippingMinor + 1))).toEqual(['CAPTURE_EXCEEDS_AUTHORIZED']);
  desk.instead();
  await desk.capture(order, shippingMinor);
  await desk.settle();
  await expectKept(order, shippingMinor);
});
