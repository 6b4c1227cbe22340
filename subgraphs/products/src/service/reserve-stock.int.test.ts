import { newId } from '@app/database';
import { testDatabase } from '@app/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../data/client.ts';
import { productWithStock, randomFrom } from '../testing/fixtures.ts';
import { auditStock, housekeep } from './housekeeping.ts';
import { restock, ship } from './move-stock.ts';
import type { ProductsApp } from './ports.ts';
import { commit, release, releaseLapsed, reserve } from './reserve-stock.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
/** How many batches the random interleaving has; more of them find rarer ones. */
const rounds = Number(process.env['ROUNDS'] ?? 20);
const random = randomFrom(seed);
const roll = (sides: number): number => Math.floor(random() * sides);

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let app: ProductsApp;
let clock = new Date('2026-11-20T12:00:00Z');
const errors: unknown[] = [];
/** Transactions begun: more than commands given means that some were tried again after a deadlock. */
let commands = 0;

beforeAll(async () => {
  console.log(`TEST_SEED=${seed}`);
  database = await testDatabase('products');
  const onQuery = (sql: string) => {
    if (sql.includes('hashtextextended($1, 7264)')) commands += 1;
  };
  db = openDatabase(database.url, { maxConnections: 40, acquireTimeoutMs: 30_000, onQuery });
  app = { db, now: () => clock, defaultCurrency: 'EUR', mediaUrl: 'http://media.test', catalogueChanged: () => Promise.resolve() };
});
beforeEach(() => {
  clock = new Date('2026-11-20T12:00:00Z');
  errors.length = 0;
  commands = 0;
});
afterAll(async () => {
  await db.$disconnect();
  await database[Symbol.asyncDispose]();
});

const order = (): string => newId('ord');
const line = (variantId: string | undefined, quantity: number) => ({ variantId: variantId ?? '', quantity });
const hold = async (orderId: string, ...lines: { variantId: string; quantity: number }[]) =>
  (await reserve(app, { orderId, lines, ttlSeconds: 1200 })).kind;
const shelvesOf = (variantIds: readonly string[]) =>
  db.stock.findMany({ where: { variantId: { in: [...variantIds] } }, orderBy: [{ variantId: 'asc' }, { locationId: 'asc' }] });

/** The counters are the sums of the rows, and nothing is promised that is not there. */
async function expectSound(): Promise<void> {
  expect(await auditStock(app)).toEqual([]);
  const shelves = await db.stock.findMany();
  expect(shelves.filter(({ onHand, reserved }) => reserved < 0 || reserved > onHand)).toEqual([]);
}

test('50 buyers of the last unit at the same moment: one has it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { variantIds } = await productWithStock(db, [[0, 1]]);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => hold(order(), line(variantIds[0], 1))));
    expect(outcomes.filter((outcome) => outcome === 'reserved')).toHaveLength(1);
    await expectSound();
  }
});

test('many carts with the same variants in any order: nobody waits for ever, nothing is oversold, the last unit is sold', async () => {
  const { variantIds } = await productWithStock(
    db,
    Array.from({ length: 6 }, () => [7, 5]),
  );
  const sold = new Map<string, number>();
  let given = 0;
  await Promise.all(
    Array.from({ length: 120 }, async () => {
      const lines = variantIds
        .filter(() => random() < 0.6)
        .map((id) => line(id, 1 + roll(2)))
        .sort(() => random() - 0.5);
      if (lines.length === 0) return;
      given += 1;
      const outcome = await hold(order(), ...lines);
      if (outcome === 'reserved') for (const { variantId, quantity } of lines) sold.set(variantId, (sold.get(variantId) ?? 0) + quantity);
    }),
  );
  expect(commands).toBe(given);
  for (const quantity of sold.values()) expect(quantity).toBeLessThanOrEqual(12);
  expect([...sold.values()].reduce((sum, quantity) => sum + quantity, 0)).toBeGreaterThan(12);
  await expectSound();
  const shelves = await shelvesOf(variantIds);
  for (const [variantId, quantity] of sold) {
    expect(shelves.filter((shelf) => shelf.variantId === variantId).reduce((sum, { reserved }) => sum + reserved, 0)).toBe(quantity);
  }
});

test('the same variant in two lines counts together', async () => {
  const { variantIds } = await productWithStock(db, [[2, 1]]);
  const [id] = variantIds;
  const outcome = await reserve(app, { orderId: order(), lines: [line(id, 2), line(id, 2)], ttlSeconds: 60 });
  expect(outcome).toEqual({
    kind: 'short',
    shortages: [{ variantId: id, requested: 4, available: 3 }].map((s) => expect.objectContaining(s)),
  });
  expect(await hold(order(), line(id, 2), line(id, 1))).toBe('reserved');
  expect((await shelvesOf([id ?? ''])).map(({ reserved }) => reserved)).toEqual([2, 1]);
  await expectSound();
});

test('an order that is short of one line holds nothing of the others', async () => {
  const { variantIds } = await productWithStock(db, [[5], [0]]);
  const outcome = await reserve(app, { orderId: order(), lines: variantIds.map((id) => line(id, 1)), ttlSeconds: 60 });
  expect(outcome).toMatchObject({ kind: 'short', shortages: [{ variantId: variantIds[1], requested: 1, available: 0 }] });
  expect((await shelvesOf(variantIds)).every(({ reserved }) => reserved === 0)).toBe(true);
});

test('the same order twenty times at once holds its units once', async () => {
  const { variantIds } = await productWithStock(db, [[3, 3]]);
  const orderId = order();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => hold(orderId, line(variantIds[0], 4))));
  expect(new Set(outcomes)).toEqual(new Set(['reserved']));
  expect((await shelvesOf(variantIds)).reduce((sum, { reserved }) => sum + reserved, 0)).toBe(4);
  await expect(hold(orderId, line(variantIds[0], 5))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expectSound();
});

test('a hold lapses, an extended one and an allocation do not', async () => {
  const { variantIds } = await productWithStock(db, [[3]]);
  const [lapsing, extended, allocated] = [order(), order(), order()];
  for (const orderId of [lapsing, extended, allocated]) expect(await hold(orderId, line(variantIds[0], 1))).toBe('reserved');
  expect(await commit(app, allocated)).toBe(true);
  clock = new Date(clock.getTime() + 1000_000);
  expect(await hold(extended, line(variantIds[0], 1))).toBe('reserved');
  clock = new Date(clock.getTime() + 300_000);
  expect(await releaseLapsed(app)).toBeGreaterThan(0);
  expect(await commit(app, lapsing)).toBe(false);
  expect(await commit(app, extended)).toBe(true);
  expect(await commit(app, allocated)).toBe(true);
  await expectSound();
});

test('an order that was released takes nothing again, however late it asks, until that is forgotten', async () => {
  const { variantIds } = await productWithStock(db, [[3]]);
  const [held, never, lapsed] = [order(), order(), order()];
  for (const orderId of [held, lapsed]) await hold(orderId, line(variantIds[0], 1));
  expect(await release(app, held)).toBe(true);
  expect(await release(app, never)).toBe(false);
  clock = new Date(clock.getTime() + 1_300_000);
  await releaseLapsed(app);
  for (const orderId of [held, never]) {
    await expect(hold(orderId, line(variantIds[0], 1))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await commit(app, orderId)).toBe(false);
  }
  expect(await hold(lapsed, line(variantIds[0], 1))).toBe('reserved');
  expect((await housekeep(app)).forgottenOrders).toBe(0);
  clock = new Date(clock.getTime() + 8 * 86_400_000);
  expect((await housekeep(app)).forgottenOrders).toBeGreaterThanOrEqual(2);
  await expectSound();
});

test('a shipment and a return move units once, however often they are told', async () => {
  const { variantIds } = await productWithStock(db, [[2, 3]]);
  const [orderId, id] = [order(), variantIds[0]];
  expect(await ship(app, { orderId, sourceId: 'ful_0', lines: [line(id, 1)] })).toBe(false);
  await hold(orderId, line(id, 4));
  expect(await ship(app, { orderId, sourceId: 'ful_1', lines: [line(id, 1)] })).toBe(false);
  await commit(app, orderId);
  const shipments = await Promise.all(Array.from({ length: 10 }, () => ship(app, { orderId, sourceId: 'ful_1', lines: [line(id, 3)] })));
  expect(shipments.every(Boolean)).toBe(true);
  expect(await ship(app, { orderId, sourceId: 'ful_2', lines: [line(id, 2)] })).toBe(false);
  expect(await ship(app, { orderId, sourceId: 'ful_3', lines: [line(id, 1)] })).toBe(true);
  expect(await commit(app, orderId)).toBe(true);
  expect((await shelvesOf(variantIds)).reduce((sum, { onHand, reserved }) => sum + onHand * 10 + reserved, 0)).toBe(10);
  await Promise.all(Array.from({ length: 10 }, () => restock(app, { orderId, sourceId: 'ret_1', lines: [line(id, 2)] })));
  expect((await shelvesOf(variantIds)).reduce((sum, { onHand }) => sum + onHand, 0)).toBe(3);
  await expectSound();
});

test('any interleaving of reserve, extend, release, commit, ship, restock and lapse keeps the counters sound', {
  timeout: 60_000 + rounds * 1_000,
}, async () => {
  const { variantIds } = await productWithStock(
    db,
    Array.from({ length: 4 }, () => [6, 6, 6]),
  );
  const orders = Array.from({ length: 15 }, order);
  const pick = <Item>(items: readonly Item[]): Item => items[roll(items.length)] as Item;
  const numbers = new Map(orders.map((orderId, n) => [orderId, n]));
  const linesOf = (orderId: string) => {
    const n = numbers.get(orderId) ?? 0;
    return variantIds.filter((_, index) => (n + index) % 3 > 0).map((id) => line(id, 1 + (n % 2)));
  };
  const released = new Set<string>();
  /** Another order takes its place; what was still on its way for this one comes late. */
  const end = async (orderId: string) => {
    const n = numbers.get(orderId) ?? 0;
    if (orders[n] === orderId) orders[n] = order();
    numbers.set(orders[n] ?? '', n);
    await release(app, orderId);
    released.add(orderId);
  };
  const steps: ((orderId: string) => Promise<unknown>)[] = [
    (orderId) => hold(orderId, ...linesOf(orderId)),
    (orderId) => hold(orderId, ...linesOf(orderId)),
    end,
    (orderId) => commit(app, orderId),
    (orderId) => ship(app, { orderId, sourceId: `ful_${roll(20)}_${orderId}`, lines: linesOf(orderId).slice(0, 1) }),
    (orderId) => restock(app, { orderId, sourceId: `ret_${roll(20)}_${orderId}`, lines: linesOf(orderId).slice(0, 1) }),
    () => releaseLapsed(app, 5),
  ];
  for (let round = 0; round < rounds; round += 1) {
    clock = new Date(clock.getTime() + roll(900) * 1000);
    const batch = Array.from({ length: 40 }, () => [pick(steps), pick(orders)] as const);
    await Promise.all(
      batch.map(([step, orderId]) =>
        step(orderId).catch((error: unknown) => {
          if ((error as { code?: string }).code !== 'BAD_USER_INPUT') errors.push(error);
        }),
      ),
    );
    expect(errors).toEqual([]);
    expect(await db.reservation.count({ where: { orderId: { in: [...released] } } })).toBe(0);
    await expectSound();
  }
  const moved = await db.stockMovement.groupBy({ by: ['variantId'], where: { variantId: { in: [...variantIds] } }, _sum: { delta: true } });
  for (const { variantId, _sum } of moved) {
    const onHand = (await shelvesOf([variantId])).reduce((sum, shelf) => sum + shelf.onHand, 0);
    expect(onHand).toBe(18 + (_sum.delta ?? 0));
  }
});

test('who takes the last units tells others, once', async () => {
  const { variantIds } = await productWithStock(db, [[8]]);
  const told = async () =>
    (await db.event.findMany({ where: { streamId: variantIds[0] }, orderBy: { streamVersion: 'asc' } })).map(({ type }) => type);
  await hold(order(), line(variantIds[0], 2));
  expect(await told()).toEqual([]);
  await hold(order(), line(variantIds[0], 1));
  expect(await told()).toEqual(['stock.low']);
  await hold(order(), line(variantIds[0], 5));
  expect(await told()).toEqual(['stock.low', 'stock.depleted']);
});

test.each([
  ['no order', { orderId: 'x', lines: [line(newId('var'), 1)], ttlSeconds: 60 }],
  ['no lines', { orderId: newId('ord'), lines: [], ttlSeconds: 60 }],
  ['no variant', { orderId: newId('ord'), lines: [line('var_\u0000', 1)], ttlSeconds: 60 }],
  ['no units', { orderId: newId('ord'), lines: [line(newId('var'), 0)], ttlSeconds: 60 }],
  ['too many units', { orderId: newId('ord'), lines: [line(newId('var'), 2_000_000)], ttlSeconds: 60 }],
  ['no time', { orderId: newId('ord'), lines: [line(newId('var'), 1)], ttlSeconds: 0 }],
])('%s is refused', async (_name, request) => {
  await expect(reserve(app, request)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('what is not sold cannot be held', async () => {
  const { variantIds, productId } = await productWithStock(db, [[5]]);
  expect(await hold(order(), line(newId('var'), 1))).toBe('short');
  await db.product.update({ where: { id: productId }, data: { status: 'ARCHIVED' } });
  expect(await hold(order(), line(variantIds[0], 1))).toBe('short');
});
