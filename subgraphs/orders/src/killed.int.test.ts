import { newId } from '@app/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from './data/database.ts';
import type { Deps } from './service/deps.ts';
import { placeOrder } from './service/orders/place-order.ts';
import { OrdersKit } from './testing/orders-kit.ts';
import { driveRun } from './workflows/registry.ts';

let kit: OrdersKit;
beforeAll(async () => {
  kit = await OrdersKit.start();
});
afterAll(() => kit[Symbol.asyncDispose]());

type When = 'before' | 'after';
const died = new Set<string>();

/** What a process can do until it is killed: from its n-th mark of a step on nothing of it reaches the database any more. */
function killedAt(deps: Deps, n: number, when: When): Deps {
  let marks = 0;
  const alive = () => {
    if (marks < n) return;
    died.add(`${n} ${when}`);
    throw new Error('killed');
  };
  const upsert = async (args: Parameters<Database['runStep']['upsert']>[0]) => {
    alive();
    if (when === 'after' || marks + 1 < n) await deps.db.runStep.upsert(args);
    marks += 1;
    alive();
  };
  const db = new Proxy(deps.db, {
    get(client, name) {
      alive();
      if (name === 'runStep') return { upsert };
      const value: unknown = Reflect.get(client, name, client);
      return typeof value === 'function' ? value.bind(client) : value;
    },
  });
  return { ...deps, db };
}

let offers = 5_000;

/** Places an order in a process that dies on the way, then lets another one find it. */
async function placeAndDie(n: number, when: When, token: string): Promise<string> {
  offers += 1;
  const buyer = kit.person();
  const cart = await kit.readyCart([{ variantId: kit.stock.offer(offers), quantity: 2 }], buyer);
  const dying = killedAt(kit.deps, n, when);
  const deps: Deps = { ...kit.deps, runs: { drive: (workflow, runId, lease) => driveRun(dying, workflow, runId, lease) } };
  await placeOrder(deps, buyer, {
    cartId: cart.id,
    cartVersion: cart.version,
    expectedTotal: cart.total,
    paymentMethodToken: token,
    idempotencyKey: newId('key'),
  });
  kit.ahead += 60_000;
  await kit.continueRuns();
  return (await kit.db.order.findFirstOrThrow({ where: { cartId: cart.id } })).id;
}

const boundaries = (marks: number) =>
  Array.from({ length: marks }, (_, index) => index + 1).flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]);

test.each(boundaries(10))('killed at mark %i, %s it is written: the order is confirmed as if nothing had happened', async (n, when) => {
  const id = await placeAndDie(n, when, 'tok_success');
  expect(died.has(`${n} ${when}`)).toBe(true);
  const order = await kit.db.order.findUniqueOrThrow({ where: { id }, include: { payments: true } });
  expect(order).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED', payments: [{ status: 'AUTHORIZED' }] });
  expect(kit.stock.holds.get(id)).toMatchObject({ committed: true });
  expect(await kit.db.sandboxCharge.count({ where: { authorizeKey: { startsWith: id } } })).toBe(1);
  expect(await kit.db.event.count({ where: { streamId: id, type: 'order.confirmed' } })).toBe(1);
  expect(await kit.db.run.findFirstOrThrow({ where: { orderId: id } })).toMatchObject({
    status: 'DONE',
    input: expect.not.objectContaining({ token: expect.anything() }),
  });
});

test.each(boundaries(9))('killed at mark %i, %s it is written, with a card that is declined: everything is given back', async (n, when) => {
  const id = await placeAndDie(n, when, 'tok_declined');
  const order = await kit.db.order.findUniqueOrThrow({ where: { id }, include: { payments: true } });
  expect(order).toMatchObject({ status: 'REJECTED', failureReason: 'PAYMENT_DECLINED', payments: [{ status: 'FAILED' }] });
  expect(kit.stock.holds.has(id)).toBe(false);
  expect(await kit.db.cart.findUniqueOrThrow({ where: { id: order.cartId ?? '' } })).toMatchObject({ status: 'OPEN' });
  expect(await kit.db.event.count({ where: { streamId: id, type: 'order.rejected' } })).toBe(1);
});
