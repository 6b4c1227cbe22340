import type { Principal } from '@app/auth';
import { readWritesOf } from '@app/cache';
import { newId } from '@app/database';
import { withClient } from '@app/platform';
import { KeptAnswers, tagsOf } from '@app/subgraph/testing/kept-answers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrdersKit, orderFields, orderOf } from './testing/orders-kit.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 1);
const owned = new AsyncDisposableStack();
let kit: OrdersKit;
let redis: Redis;
let staff: Principal;
let variantId: string;

beforeAll(async () => {
  kit = owned.use(await OrdersKit.start());
  redis = owned.adopt(new Redis(kit.environment['REDIS_URL'] ?? ''), (connection) => connection.disconnect());
  staff = kit.person('ORDER_MANAGER');
  variantId = kit.stock.offer(1, { priceMinor: 1_999, onHand: 10_000 });
  console.info(`seed ${seed}`);
});
afterAll(() => owned.disposeAsync());

/** What of an order is kept, and what its parts say: whatever is kept one day. */
const SHOWN = `id number status paymentStatus fulfillmentStatus failureReason version placedAt updatedAt availableActions
  totals { total { minor } taxLines { rate } } lines { id title quantity fulfilledQuantity returnedQuantity variant { id } } amountPaid { minor } amountRefunded { minor }
  payments { status captured { minor } events { kind } } fulfillments { status deliveredAt trackingNumber lines { quantity } } returns { status refund { minor } }
  history(first: 3) { nodes { at } pageInfo { hasNextPage } }`;
const entities = (type: string, selection: string) =>
  `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on ${type} { ${selection} } } }`;
const keysOf = (type: string, key: object) => ({ keys: [{ __typename: type, ...key }] });
const ORDERS = `orders(first: 5) { totalCount nodes { ${SHOWN} } }`;
const SHIPPED = 'orders(filter: { fulfillmentStatus: FULFILLED }) { totalCount nodes { id } }';

/** Tables that lead to an order by foreign keys, and the order's own. */
const PARTS = `WITH RECURSIVE part(oid) AS (
    SELECT 'orders'::regclass::oid UNION
    SELECT key.conrelid FROM pg_constraint key JOIN part ON key.confrelid = part.oid WHERE key.contype = 'f')
  SELECT oid::regclass::text AS name FROM part ORDER BY name`;
const COLUMN = `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1`;
/** What no answer about an order shows. */
const NOT_SHOWN = ['payment_operation', 'promotion_redemption'];

interface Bought {
  readonly id: string;
  readonly number: string;
  readonly lines: readonly { readonly id: string }[];
  readonly payments: readonly { readonly id: string }[];
  readonly buyer: Principal & { readonly id: string };
}

async function buy(buyer: Bought['buyer'], quantity = 3): Promise<Bought> {
  const order = orderOf(await kit.place(await kit.readyCart([{ variantId, quantity }], buyer), buyer));
  return { ...(order as unknown as Omit<Bought, 'buyer'>), buyer };
}

const change = (name: string, type: string, argument: string, id: string, input: object, principal: Principal) => {
  const query = `mutation ($id: ID!, $input: ${type}!) { ${name}(${argument}: $id, input: $input) { ${orderFields} } }`;
  return kit.mutate(query, { id, input: { idempotencyKey: newId('key'), ...input } }, principal);
};
const ship = ({ id, lines }: Bought, quantity: number) =>
  change(
    'fulfillmentCreate',
    'FulfillmentCreateInput',
    'orderId',
    id,
    { lines: [{ lineId: lines[0]?.id, quantity }], carrier: 'DHL' },
    staff,
  );
const cancel = ({ id, buyer }: Pick<Bought, 'id' | 'buyer'>) =>
  change('orderCancel', 'OrderCancelInput', 'id', id, { reason: 'changed my mind' }, buyer);

test('an answer depends on the orders that it shows and on whose they are, and what is encrypted is not kept', async () => {
  const buyer = kit.person();
  const [one, two] = [await buy(buyer), await buy(buyer)];
  const tags = async (type: string, key: object, selection: string) =>
    tagsOf(await kit.ask(entities(type, selection), keysOf(type, key), buyer))?.toSorted();
  expect(await tags('Order', { id: one.id }, 'status')).toEqual([`order:${one.id}`]);
  expect(await tags('Order', { number: one.number }, 'status')).toEqual([`order-number:${one.number}`, `order:${one.id}`]);
  expect(await tags('ProductVariant', { id: variantId, weightGrams: 1 }, 'deliveryEstimates(countryCode: "DE") { methodName }')).toEqual([
    'rates',
  ]);
  expect(await tags('Account', { id: buyer.id }, 'orders { nodes { id } }')).toEqual(
    [`orders-of:${buyer.id}`, `order:${one.id}`, `order:${two.id}`].toSorted(),
  );
  expect(tagsOf(await kit.ask('query ($id: ID) { order(id: $id) { id } }', { id: one.id }, buyer))).toEqual([`order:${one.id}`]);
  const policyOf = async (selection: string) => await kit.policyOf(entities('Order', selection), keysOf('Order', { id: one.id }), buyer);
  expect(await policyOf('status lines { id }')).toMatch(/max-age=\d+, private/);
  for (const secret of ['email', 'shippingAddress { city }', 'billingAddress { city }', 'nextAction { url }'])
    expect(await policyOf(`status ${secret}`)).toBeNull();
});

test('what is kept for one customer is answered to them without a statement, and to nobody else', async () => {
  await using cached = await OrdersKit.start({ executes: false, isCached: true });
  const [buyer, stranger] = [cached.person(), cached.person()];
  const variant = cached.stock.offer(2, { priceMinor: 1_999, onHand: 10 });
  await cached.place(await cached.readyCart([{ variantId: variant, quantity: 1 }], buyer), buyer);
  const read = (principal: Principal) =>
    cached.ask(entities('Account', 'orders { nodes { id status } }'), keysOf('Account', { id: buyer.id }), principal);
  const first = await read(buyer);
  expect(first.data?.['_entities']).toMatchObject([{ orders: { nodes: [{ status: 'PENDING' }] } }]);
  cached.statements.length = 0;
  expect(await read(buyer)).toEqual(first);
  expect(cached.statements).toEqual([]);
  expect((await read(stranger)).data?.['_entities']).toEqual([{ orders: null }]);
});

test('when a mutation is answered, caches know what it wrote', async () => {
  for (let n = 0; n < 10; n += 1) {
    const { id, buyer } = await buy(kit.person(), 1);
    await kit.openRuns();
    await kit.parts.committed?.caughtUp();
    const moment = await readWritesOf(redis, 'orders', []);
    await cancel({ id, buyer });
    const { tagsAt } = await readWritesOf(redis, 'orders', [`order:${id}`, `orders-of:${buyer.id}`]);
    for (const at of tagsAt.values()) expect(at).toBeGreaterThan(moment.count);
  }
});

test('whoever writes to a part of an order, caches are told', async () => {
  const order = await buy(kit.person());
  await ship(order, 1);
  await kit.db.fulfillment.updateMany({ where: { orderId: order.id }, data: { status: 'DELIVERED', deliveredAt: new Date() } });
  const back = { lines: [{ lineId: order.lines[0]?.id, quantity: 1, reason: 'NOT_AS_DESCRIBED' }] };
  await change('returnRequest', 'ReturnRequestInput', 'orderId', order.id, back, order.buyer);
  await kit.openRuns();
  await withClient(kit.ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ name: string }>(PARTS);
    const told: string[] = [];
    for (const { name } of rows) {
      await kit.parts.committed?.caughtUp();
      const { count } = await readWritesOf(redis, 'orders', []);
      const { rows: columns } = await owner.query<{ name: string }>(COLUMN, [name]);
      // Ledgers refuse to be changed.
      await owner.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
      await owner.query(`ALTER TABLE ${name} ENABLE TRIGGER tell`).catch(() => undefined);
      await owner.query(`UPDATE ${name} SET ${columns[0]?.name} = ${columns[0]?.name}`);
      await owner.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
      await kit.parts.committed?.caughtUp();
      const { tagsAt } = await readWritesOf(redis, 'orders', [`order:${order.id}`]);
      if ((tagsAt.get(`order:${order.id}`) ?? 0) > count) told.push(name);
    }
    expect(rows.map(({ name }) => name).filter((name) => !told.includes(name))).toEqual(NOT_SHOWN);
  });
});

test('an answer that is kept by its tags is what would be answered now, whoever wrote what', { timeout: 240_000 }, async () => {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state >>> 12) % below;
  };
  const one = <Item>(items: readonly Item[]): Item => items[next(items.length)] as Item;
  const people = Array.from({ length: 3 }, () => kit.person());
  const orders = await Promise.all(people.map((person) => buy(person)));
  const returns = (id: string) => kit.db.return.findMany({ where: { orderId: id }, orderBy: { id: 'asc' } });
  const delivered = { status: 'DELIVERED' as const, deliveredAt: new Date() };
  const writes = [
    async () => void orders.push(await buy(one(people), 1 + next(3))),
    () => ship(one(orders), 1),
    () => ship(one(orders), 2),
    () => (next(4) === 0 ? cancel(one(orders)) : Promise.resolve()),
    () =>
      change(
        'refundCreate',
        'RefundCreateInput',
        'orderId',
        one(orders).id,
        { amount: { minor: 1 + next(50), currency: 'EUR' }, reason: 'goodwill' },
        staff,
      ),
    () => {
      const { payments } = one(orders);
      return change(
        'paymentCapture',
        'PaymentAmountInput',
        'paymentId',
        payments[0]?.id ?? '',
        { amount: { minor: 100, currency: 'EUR' } },
        staff,
      );
    },
    () => kit.db.fulfillment.updateMany({ where: { orderId: one(orders).id, status: 'SHIPPED' }, data: delivered }),
    () => {
      const { id, lines, buyer } = one(orders);
      const input = { lines: [{ lineId: lines[0]?.id, quantity: 1, reason: 'NOT_AS_DESCRIBED' }] };
      return change('returnRequest', 'ReturnRequestInput', 'orderId', id, input, buyer);
    },
    async () => {
      const [wanted] = (await returns(one(orders).id)).filter(({ status }) => status === 'REQUESTED');
      if (wanted) await change('returnResolve', 'ReturnResolveInput', 'id', wanted.id, { decision: one(['APPROVE', 'REJECT']) }, staff);
    },
    () => kit.db.order.update({ where: { id: one(orders).id }, data: { accountId: one(people).id } }),
    () => kit.db.orderLine.updateMany({ where: { orderId: one(orders).id }, data: { title: `T${next(99)}` } }),
    () => kit.db.fulfillment.updateMany({ where: { orderId: one(orders).id }, data: { trackingNumber: `T${next(99)}` } }),
  ];
  const kept = people.map((person) => new KeptAnswers(redis, 'orders', (query, variables) => kit.ask(query, variables, person)));
  const reads: readonly (() => readonly [string, Record<string, unknown>])[] = [
    () => [entities('Account', ORDERS), keysOf('Account', { id: one(people).id })],
    () => [entities('Account', SHIPPED), keysOf('Account', { id: one(people).id })],
    () => [entities('Order', SHOWN), keysOf('Order', { id: one(orders).id })],
    () => [entities('Order', SHOWN), keysOf('Order', { number: one(orders).number })],
    () => [`query ($id: ID) { order(id: $id) { ${SHOWN} } }`, { id: one(orders).id }],
  ];
  let used = 0;
  for (let n = 0; n < 40 * rounds; n += 1) {
    await one(writes)();
    await kit.openRuns();
    await kit.parts.committed?.caughtUp();
    for (const answers of kept) used += await answers.check();
    for (let reading = 0; reading < 4; reading += 1) await one(kept).read(...one(reads)());
  }
  expect(used).toBeGreaterThan(200);
});
