import { afterAll, beforeAll, expect, test } from 'vitest';
import { chosenOf, mortalWorkers, placesOf, prepareDoom, untilEnded } from './testing/doom.ts';
import { OrdersKit } from './testing/orders-kit.ts';
import { type Bought, SalesDesk } from './testing/sales-desk.ts';
import { workflows } from './workflows/registry.ts';

let kit: OrdersKit;
let desk: SalesDesk;
beforeAll(async () => {
  kit = await OrdersKit.start({ executes: false });
  desk = new SalesDesk(kit, 80_000);
  await prepareDoom(kit);
});
afterAll(() => kit[Symbol.asyncDispose]());

async function expectKept(order: Bought, keptMinor: number, available: number): Promise<void> {
  const { capturedMinor, refundedMinor, authorizedMinor, voidedAt } = await desk.paymentOf(order);
  expect([Number(capturedMinor - refundedMinor), voidedAt !== null]).toEqual([keptMinor, capturedMinor < authorizedMinor]);
  expect(kit.stock.available(order.variantIds[0] ?? '')).toBe(available);
}

test('two instances are killed on the way of shipments, returns, refunds and cancellations: money and stock add up', async () => {
  const doomed = chosenOf(
    workflows.filter(({ name }) => name !== 'place-order').flatMap((workflow) => placesOf(workflow, 'done')),
    process.env,
  );
  await using instances = mortalWorkers(kit);
  await instances.keep(2);
  const buy = () => desk.bought([{ quantity: 3 }]);
  const [rest, whole, refunded, returned] = [await buy(), await buy(), await buy(), await buy()];
  for (const place of doomed) await kit.db.$executeRaw`INSERT INTO doom VALUES (${place})`;

  const parcel = (order: Bought, quantity: number) => desk.ship(order, desk.pieces(order, quantity));
  await Promise.all([parcel(rest, 1), parcel(refunded, 3), parcel(returned, 1), desk.capture(whole, 1_000)]);
  await untilEnded(kit, doomed.length);
  const restock = { restock: true, lineIds: [refunded.lines[0]?.id] };
  await Promise.all([
    desk.cancel(rest),
    desk.cancel(whole),
    desk.refund(refunded, 500, restock),
    desk.bringBack(returned, desk.pieces(returned, 1)),
  ]);
  await untilEnded(kit, doomed.length);
  await desk.cancel(returned);
  await untilEnded(kit, doomed.length);

  const shippingMinor = 490;
  const onePiece = Math.floor((rest.lines[0]?.total.minor ?? 0) / 3);
  await expectKept(rest, onePiece + shippingMinor, 99);
  await expectKept(whole, 0, 100);
  await expectKept(refunded, refunded.totalMinor - 500, 100);
  await expectKept(returned, shippingMinor, 100);
  expect(await desk.disagreements()).toEqual([]);
  expect(await kit.db.$queryRaw`SELECT place FROM doom`).toEqual([]);
}, 300_000);
