import { afterAll, beforeAll, expect, test } from 'vitest';
import { chosenOf, mortalWorkers, placesOf, prepareDoom, untilEnded } from './testing/doom.ts';
import { OrdersKit, orderOf } from './testing/orders-kit.ts';
import { placeOrder } from './workflows/place-order/place-order.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start({ executes: false });
  await prepareDoom(kit);
});
afterAll(() => kit[Symbol.asyncDispose]());

async function expectSold(id: string): Promise<void> {
  const order = await kit.db.order.findUniqueOrThrow({ where: { id }, include: { payments: true } });
  expect(order).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED', payments: [{ status: 'AUTHORIZED' }] });
  expect(kit.stock.holds.get(id)).toMatchObject({ committed: true });
  expect(await kit.payments.db.sandboxCharge.count({ where: { authorizeKey: { startsWith: id } } })).toBe(1);
  expect(await kit.db.event.count({ where: { streamId: id, type: 'order.confirmed' } })).toBe(1);
}

async function expectUndone(id: string): Promise<void> {
  const order = await kit.db.order.findUniqueOrThrow({ where: { id }, include: { payments: true } });
  expect(order).toMatchObject({ status: 'REJECTED', failureReason: 'PAYMENT_DECLINED', payments: [{ status: 'FAILED' }] });
  expect(kit.stock.holds.has(id)).toBe(false);
  expect(await kit.db.cart.findUniqueOrThrow({ where: { id: order.cartId ?? '' } })).toMatchObject({ status: 'OPEN' });
  expect(await kit.db.event.count({ where: { streamId: id, type: 'order.rejected' } })).toBe(1);
}

test('two instances are killed on the way of placements: each order ends as without that, or with everything given back', async () => {
  const doomed = chosenOf(placesOf(placeOrder), process.env);
  for (const place of doomed) await kit.db.$executeRaw`INSERT INTO doom VALUES (${place})`;
  await using instances = mortalWorkers(kit);
  await instances.keep(2);
  const tokens = Array.from({ length: doomed.length + 4 }, (_, n) => (n % 2 ? 'tok_declined' : 'tok_success'));
  const orders = await Promise.all(
    tokens.map(async (token, n) => {
      const buyer = kit.person();
      const cart = await kit.readyCart([{ variantId: kit.stock.offer(n), quantity: 2 }], buyer);
      return { cart, token, buyer };
    }),
  );
  const placed = await Promise.all(
    orders.map(async ({ cart, token, buyer }) => ({ token, id: orderOf(await kit.place(cart, buyer, { token })).id })),
  );
  await untilEnded(kit, doomed.length);
  for (const { id, token } of placed) await (token === 'tok_success' ? expectSold(id) : expectUndone(id));
  expect(await kit.db.$queryRaw`SELECT place FROM doom`).toEqual([]);
  const [slowest] = await kit.db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM max(ended_at - created_at))::float AS seconds FROM workflow.run`;
  const takeovers = instances.said.filter((line) => line.startsWith('taken-over')).length;
  process.stdout.write(
    `${doomed.length} processes killed, ${takeovers} takeovers; the slowest placement took ${slowest?.seconds.toFixed(1)} s\n`,
  );
}, 300_000);
