import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PaymentOutcomeUnknown } from './payments/payment-provider.ts';
import { codes, OrdersKit, orderOf } from './testing/orders-kit.ts';
import { type Bought, SalesDesk } from './testing/sales-desk.ts';

let kit: OrdersKit;
let desk: SalesDesk;
beforeAll(async () => {
  kit = await OrdersKit.start();
  desk = new SalesDesk(kit, 90_000);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(() => desk.instead());

interface Returned {
  readonly order: Bought;
  readonly returnId: string;
}

/** A return of one of three pieces, on its way. */
async function returning(): Promise<Returned> {
  const order = await desk.bought([{ quantity: 3 }]);
  await desk.ship(order, desk.pieces(order, 3));
  return { order, returnId: await desk.approved(order, desk.pieces(order, 1)) };
}

/** One that arrived, and whose refund the provider refused. */
async function refused(): Promise<Returned> {
  const returned = await returning();
  desk.refuse('refund');
  expect(orderOf(await desk.receive(returned.returnId))).toMatchObject({ returns: [{ status: 'RECEIVED' }] });
  desk.instead();
  return returned;
}

const settle = ({ order, returnId }: Returned, more: object = {}) => desk.refund(order, desk.costOf(order, 1), { returnId, ...more });

async function expectSettledOnce({ order }: Returned): Promise<void> {
  expect(await kit.db.return.findMany({ where: { orderId: order.id } })).toMatchObject([{ status: 'REFUNDED' }]);
  expect(await desk.keptOf(order)).toBe(order.totalMinor - desk.costOf(order, 1));
  expect(order.variantIds.map((id) => kit.stock.available(id))).toEqual([98]);
  const refunds = await kit.db.event.findMany({ where: { streamId: order.id, type: 'order.refunded' } });
  expect(refunds).toMatchObject([{ data: { lines: [{ lineId: order.lines[0]?.id, quantity: 1 }] } }]);
  expect(await desk.disagreements()).toEqual([]);
}

test('a return whose refund was refused ends with the refund that staff makes for it', async () => {
  const returned = await refused();
  expect(orderOf(await settle(returned))).toMatchObject({ returns: [{ status: 'REFUNDED' }] });
  await expectSettledOnce(returned);
  expect(codes(await settle(returned))).toEqual(['RETURN_NOT_POSSIBLE']);
});

test('when that is refused as well, it ends with the next one', async () => {
  const returned = await refused();
  desk.refuse('refund');
  expect(orderOf(await settle(returned))).toMatchObject({ returns: [{ status: 'RECEIVED' }] });
  desk.instead();
  await settle(returned);
  await expectSettledOnce(returned);
});

test('two who settle one return at the same instant refund it once', async () => {
  const returned = await refused();
  const outcomes = await Promise.all([settle(returned), settle(returned), settle(returned)]);
  expect(outcomes.flatMap(codes)).toEqual(['RETURN_NOT_POSSIBLE', 'RETURN_NOT_POSSIBLE']);
  await expectSettledOnce(returned);
});

test('no refund settles a return that did not arrive, whose refund may yet succeed, or that is of another order', async () => {
  const returned = await returning();
  expect(codes(await settle(returned))).toEqual(['RETURN_NOT_POSSIBLE']);
  desk.instead({ refund: () => Promise.reject(new PaymentOutcomeUnknown('away')) });
  await desk.receive(returned.returnId);
  expect(codes(await settle(returned))).toEqual(['RETURN_NOT_POSSIBLE']);
  desk.instead();
  await desk.settle();
  expect(codes(await settle(returned))).toEqual(['RETURN_NOT_POSSIBLE']);
  await expectSettledOnce(returned);
  const { returnId } = await refused();
  expect(codes(await settle({ ...returned, returnId }))).toEqual(['NOT_FOUND']);
});

test('the pieces of a return are not taken back a second time', async () => {
  const returned = await refused();
  const lineIds = [returned.order.lines[0]?.id];
  expect(codes(await settle(returned, { restock: true, lineIds }))).toEqual(['ALREADY_RESTOCKED']);
  await settle(returned, { lineIds });
  await expectSettledOnce(returned);
});
