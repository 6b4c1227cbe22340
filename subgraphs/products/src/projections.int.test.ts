import { bumpGeneration, connectRedis } from '@app/cache';
import { newId, withTx } from '@app/database';
import { type ConsumerSignal, type DraftEvent, type EventEnvelope, MemoryTransport, startConsumer } from '@app/events';
import { OrderConfirmed } from '@app/events/catalogue/order.events';
import { RatingChanged } from '@app/events/catalogue/rating.events';
import { testRedis } from '@app/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announce, consumersOf } from './consumers.ts';
import { housekeep } from './service/housekeeping.ts';
import { recordRating } from './service/projections.ts';
import { productWithStock } from './testing/fixtures.ts';
import { catalogManager, type Harness, startHarness } from './testing/harness.ts';

/** Products whose change caches were told of. */
const announced: string[] = [];

let shop: Harness;
let redis: Awaited<ReturnType<typeof testRedis>>;

beforeAll(async () => {
  redis = await testRedis();
  shop = await startHarness(redis.url);
});
afterAll(async () => {
  await shop?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
});

/** Delivers events as the relay of their publisher does, and waits until all have taken effect. */
async function happens(source: string, drafts: readonly DraftEvent[]): Promise<void> {
  const transport = new MemoryTransport();
  const envelopes = drafts.map(
    ({ type, version, data, streamType, streamId }, index): EventEnvelope => ({
      specversion: '1.0',
      id: newId('evt'),
      type,
      source,
      subject: streamId,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema: `${type}/${version}`,
      data,
      streamtype: streamType,
      streamversion: index + 1,
      position: index + 1,
    }),
  );
  await transport.append(source, 0, envelopes);
  const seen: string[] = [];
  const observe = (signal: ConsumerSignal) => {
    if (signal.kind === 'handled' || signal.kind === 'parked') seen.push(signal.kind);
    void announce({ catalogueChanged: async (change) => void announced.push(...(change?.productIds ?? [])) }, signal);
  };
  const consumers = consumersOf(shop.server.parts.db).filter(({ sources }) => sources.includes(source));
  const running = consumers.map((consumer) => startConsumer({ ...consumer, transport, observe }));
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(drafts.length);
  await Promise.all(running.map((each) => each.stop()));
  expect(seen).not.toContain('parked');
}

const ratingOf = async (productId: string) => {
  const { ratingAverage, ratingCount } = await shop.server.parts.db.product.findUniqueOrThrow({ where: { id: productId } });
  return [ratingAverage, ratingCount];
};

test("what reviews and orders tell changes what lists are sorted by; the last rating counts, and a product that isn't here is passed over", async () => {
  const { productId, variantIds } = await productWithStock(shop.server.parts.db, [[5]]);
  const rating = (id: string, average: number | null, count: number) =>
    RatingChanged.create(id, { productId: id, average, count, verifiedCount: 0, distribution: [0, 0, 0, 0, count] });
  await happens('reviews', [rating(productId, 2, 1), rating(newId('prd'), 3, 3), rating(productId, 4.5, 2)]);
  expect(await ratingOf(productId)).toEqual([4.5, 2]);
  expect(announced.filter((id) => id === productId)).toHaveLength(2);
  await withTx(shop.server.parts.db, (tx) => recordRating(tx, productId, { average: null, count: 0 }));
  expect(await ratingOf(productId)).toEqual([0, 0]);
  const line = { lineId: 'lin_1', productId, variantId: variantIds[0] ?? '', sku: 'x', quantity: 2 };
  const confirmed = { orderId: newId('ord'), orderNumber: '1', buyerId: null, lines: [line, line], total: { minor: 1, currency: 'EUR' } };
  await happens('orders', [OrderConfirmed.create(confirmed.orderId, confirmed)]);
  expect((await shop.server.parts.db.product.findUniqueOrThrow({ where: { id: productId } })).salesCount).toBe(4);
  expect(announced.filter((id) => id === productId)).toHaveLength(2);
});

test('a price begins and ends by the clock: at once for the variant, within a round for sorting and filtering', async () => {
  const { db } = shop.server.parts;
  const { productId, variantIds } = await productWithStock(db, [[5]]);
  const variantId = variantIds[0] ?? '';
  const ask = async () => {
    await shop.server.parts.app.catalogueChanged();
    const { data } = await shop.ask(
      'query($id: ID) { product(id: $id) { priceRange { min { minor } } variants { nodes { price { minor } } } } }',
      { id: productId },
    );
    const { priceRange, variants } = data['product'] as {
      priceRange: { min: { minor: number } };
      variants: { nodes: { price: { minor: number } }[] };
    };
    return [variants.nodes[0]?.price.minor, priceRange.min.minor];
  };
  expect(await ask()).toEqual([1290, 1290]);
  // What a sale planned for some moment looks like once that moment has come.
  await db.$executeRaw`INSERT INTO price (variant_id, currency, valid_from, valid_to, minor) VALUES (${variantId}, 'EUR', now() + interval '300 ms', now() + interval '1 s', 990)`;
  expect(await ask()).toEqual([1290, 1290]);
  await expect.poll(async () => (await ask())[0], { timeout: 5000 }).toBe(990);
  expect((await housekeep(shop.server.parts.app)).repricedProducts).toBe(1);
  expect(await ask()).toEqual([990, 990]);
  await expect.poll(async () => (await ask())[0], { timeout: 5000 }).toBe(1290);
  expect((await housekeep(shop.server.parts.app)).repricedProducts).toBe(1);
  expect(await ask()).toEqual([1290, 1290]);
  expect((await housekeep(shop.server.parts.app)).repricedProducts).toBe(0);
});

test('a page is answered from the cache until the catalogue changes; the writer reads what it wrote', async () => {
  const { productId } = await productWithStock(shop.server.parts.db, [[5]]);
  const page =
    'query($id: ID) { product(id: $id) { title priceRange { min { decimal } } media { url } variants { nodes { price { minor } availability { state } } pageInfo { hasNextPage } } } }';
  const read = async () => {
    shop.statements.length = 0;
    const { data } = await shop.ask(page, { id: productId });
    return { title: (data['product'] as { title: string }).title, statements: shop.statements.length };
  };
  const first = await read();
  expect(first.statements).toBeGreaterThan(0);
  expect(await read()).toEqual({ title: first.title, statements: 0 });
  const renamed = 'mutation($id: ID!) { productUpdate(id: $id, input: { title: "Renamed" }) { userErrors { code } } }';
  expect((await shop.ask(renamed, { id: productId }, catalogManager)).errors).toBeUndefined();
  expect((await read()).title).toBe('Renamed');
  const own = connectRedis(redis.url, () => undefined);
  await new Promise((resolve) => own.once('ready', resolve));
  await bumpGeneration(own, 'products');
  expect((await read()).statements).toBeGreaterThan(0);
  own.disconnect();
});

test('the tree of categories ends at five levels', async () => {
  const { db } = shop.server.parts;
  let parentId: string | null = null;
  for (let level = 1; level <= 5; level += 1) {
    const id: string = newId('cat');
    await db.category.create({ data: { id, slug: id.replace('_', '-'), name: `Level ${level}`, parentId } });
    parentId = id;
  }
  const id = newId('cat');
  await expect(db.category.create({ data: { id, slug: id.replace('_', '-'), name: 'Too deep', parentId } })).rejects.toThrow();
});

test('stock movements and audit entries cannot be changed', async () => {
  const { db } = shop.server.parts;
  const { variantIds, locationIds } = await productWithStock(db, [[5]]);
  const key = { variantId: variantIds[0] ?? '', locationId: locationIds[0] ?? '' };
  const movement = { sourceKind: 'ADJUSTMENT', sourceId: newId('adj'), ...key, delta: 1 };
  await db.stockMovement.create({ data: movement });
  await expect(db.stockMovement.create({ data: movement })).rejects.toMatchObject({ code: 'P2002' });
  // Prisma calls the trigger's restrict_violation a foreign key's.
  await expect(db.stockMovement.updateMany({ where: key, data: { delta: 2 } })).rejects.toMatchObject({ code: 'P2003' });
  await expect(db.stockMovement.deleteMany({ where: key })).rejects.toMatchObject({ code: 'P2003' });
  await expect(db.stock.updateMany({ where: key, data: { reserved: 6 } })).rejects.toThrow();
});

test('price spans are right after writers and the worker changed the same product at once', async () => {
  const { db, app } = shop.server.parts;
  const { productId, variantIds } = await productWithStock(db, [[5], [5]]);
  const variants = (minor: number) =>
    variantIds.map((id, index) => ({
      id,
      sku: `${id.slice(-10)}`,
      prices: [{ minor: minor + index, currency: 'EUR' }],
      options: [{ name: 'n', value: String(index) }],
    }));
  const set =
    'mutation($productId: ID!, $variants: [ProductVariantInput!]!) { productVariantsSet(productId: $productId, variants: $variants) { product { version } userErrors { code } } }';
  for (let round = 1; round <= 10; round += 1) {
    const writes = [1, 2, 3].map((n) => shop.ask(set, { productId, variants: variants(round * 100 + n * 10) }, catalogManager));
    const refreshes = [1, 2, 3].map(() => db.$executeRaw`SELECT product_price_refresh(ARRAY[${productId}])`);
    const answers = await Promise.all(writes);
    await Promise.all(refreshes);
    const payloads = answers.map(({ data }) => data['productVariantsSet'] as { product: { version: number } });
    const versions = payloads.map(({ product }) => product.version);
    const last = versions.indexOf(Math.max(...versions)) + 1;
    await housekeep(app);
    const span = await db.productPrice.findFirstOrThrow({ where: { productId } });
    expect([Number(span.minMinor), Number(span.maxMinor)]).toEqual([round * 100 + last * 10, round * 100 + last * 10 + 1]);
  }
});
