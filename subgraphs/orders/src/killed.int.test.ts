import { Instances } from '@app/workflow/testing/instances';
import { until } from '@app/workflow/testing/until';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrdersKit, orderOf } from './testing/orders-kit.ts';
import { placeOrder } from './workflows/place-order/place-order.ts';

/** Everywhere on the way of a placement where a process can die: before a step does anything, and after its commit, before that is recorded. */
const forward = placeOrder.steps.map(({ name }) => name);
const undoable = placeOrder.steps.filter(({ compensate }) => compensate).map(({ name }) => `undo ${name}`);
const places = [...forward, ...undoable, 'refused'].flatMap((what) => [`place-order ${what} before`, `place-order ${what} after`]);

const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
const kills = Number(process.env['KILLS'] ?? 3);

/** As many places as asked for, by the seed. */
function chosen(): string[] {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return places
    .map((place) => ({ place, order: random() }))
    .sort((left, right) => left.order - right.order)
    .slice(0, kills)
    .map(({ place }) => place);
}

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start({ executes: false });
  const owner = new Client({ connectionString: kit.ownerUrl });
  await owner.connect();
  await owner.query('CREATE TABLE doom (place text PRIMARY KEY)');
  await owner.end();
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
  const doomed = chosen();
  process.stdout.write(`KILL_SEED=${seed} KILLS=${doomed.length} of ${places.length}\n`);
  for (const place of doomed) await kit.db.$executeRaw`INSERT INTO doom VALUES (${place})`;
  await using instances = new Instances(new URL('./testing/mortal-worker.ts', import.meta.url), [JSON.stringify(kit.environment), '2000']);
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
  await until(
    'all runs have ended',
    async () => {
      const [row] = await kit.db.$queryRaw<{ open: number }[]>`SELECT count(*)::int AS open FROM workflow.run WHERE ended_at IS NULL`;
      return row?.open === 0;
    },
    30_000 * (kills + 1),
  );
  for (const { id, token } of placed) await (token === 'tok_success' ? expectSold(id) : expectUndone(id));
  expect(await kit.db.$queryRaw`SELECT place FROM doom`).toEqual([]);
  const [slowest] = await kit.db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM max(ended_at - created_at))::float AS seconds FROM workflow.run`;
  const takeovers = instances.said.filter((line) => line.startsWith('taken-over')).length;
  process.stdout.write(
    `${doomed.length} processes killed, ${takeovers} takeovers; the slowest placement took ${slowest?.seconds.toFixed(1)} s\n`,
  );
}, 300_000);
