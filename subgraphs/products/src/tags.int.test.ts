import { readWrites } from '@app/cache';
import { newId, withTx } from '@app/database';
import { KeptAnswers, tagsOf } from '@app/subgraph/testing/kept-answers';
import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordRating } from './service/projections.ts';
import { release, reserve } from './service/reserve-stock.ts';
import { type Fixture, productWithStock, randomFrom } from './testing/fixtures.ts';
import { catalogManager, type Harness, startHarness } from './testing/harness.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 1);
const owned = new AsyncDisposableStack();
let shop: Harness;
let redis: Redis;

beforeAll(async () => {
  const { url } = owned.use(await testRedis());
  redis = owned.adopt(new Redis(url), (connection) => connection.disconnect());
  shop = owned.use(await startHarness(url));
  console.info(`seed ${seed}`);
});
afterAll(() => owned.disposeAsync());

const productFields =
  'id title slug description options { name } category { name } collections { title } variants { nodes { id sku title price { minor } availability { state maxOrderQuantity } } }';
const entities = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Product { ${productFields} } ... on ProductVariant { id sku title product { title } } } }`;

/** Counts of the last writes to these tags. */
async function countOf(...tags: string[]): Promise<(number | undefined)[]> {
  const reading = (await readWrites(redis, new Map([['products', new Set(tags)]]))).get('products');
  return tags.map((tag) => reading?.tagsAt.get(tag));
}

test('an answer about products has their tags, also out of the cache; what is not there has none', async () => {
  const [one, two] = [await productWithStock(shop.server.parts.db, [[5]]), await productWithStock(shop.server.parts.db, [[5]])];
  const [tagOne, tagTwo] = [`product:${one.productId}`, `product:${two.productId}`];
  const page = `query($id: ID) { product(id: $id) { ${productFields} } }`;
  expect(tagsOf(await shop.ask(page, { id: one.productId }))).toEqual([tagOne]);
  expect(tagsOf(await shop.ask(page, { id: one.productId }))).toEqual([tagOne]);
  const r = [
    { __typename: 'Product', id: one.productId },
    { __typename: 'ProductVariant', id: two.variantIds[0] },
  ];
  expect(tagsOf(await shop.ask(entities, { r }))).toEqual([tagOne, tagTwo]);
  const both = `{ a: product(id: "${one.productId}") { title } b: variant(id: "${two.variantIds[0]}") { sku } }`;
  expect(tagsOf(await shop.ask(both))?.toSorted()).toEqual([tagOne, tagTwo].toSorted());
  const untagged = [
    `{ a: product(id: "${one.productId}") { title } b: product(slug: "nobody") { title } }`,
    `{ ... { product(id: "${one.productId}") { id } } }`,
  ];
  for (const query of untagged) expect(tagsOf(await shop.ask(query)), query).toBeUndefined();
  const missing = [{ __typename: 'ProductVariant', id: 'var_nobody' }];
  expect(tagsOf(await shop.ask(entities, { r: missing }))).toBeUndefined();
});

test('a list depends on what it shows, and on what it chose and ordered it by', async () => {
  const { productId } = await productWithStock(shop.server.parts.db, [[5]]);
  const list = async (args: string) => tagsOf(await shop.ask(`{ products(first: 1, ${args}) { nodes { id } } }`));
  expect(await list('sort: NEWEST')).toEqual(['catalogue', `product:${productId}`]);
  expect(await list('filter: { brands: ["Nobody"], inStock: true }')).toEqual(['catalogue', 'list:brand', 'list:stock']);
  expect(await list('sort: PRICE_ASC, filter: { minRating: 5 }')).toEqual(['catalogue', 'list:price', 'list:rating']);
  expect(tagsOf(await shop.ask('{ categories { name } category(slug: "nowhere") { id } }'))).toEqual(['catalogue']);
  const search = async (query: string) =>
    tagsOf(await shop.ask('query($q: String!) { productSearch(query: $q) { totalCount } }', { q: query }));
  const facets = ['list:category', 'list:brand', 'list:rating', 'list:stock', 'list:attribute'];
  expect(await search('the lamps')).toEqual(expect.arrayContaining(['word:lamp', ...facets]));
  expect(await search('lamps')).not.toContain('list:text');
  for (const text of ['lamp -oak', 'lmap']) expect(await search(text), text).toContain('list:text');
});

test('a sale ends answers when the public sees a difference, and lists when something is sold out', async () => {
  const { app, db } = shop.server.parts;
  const { productId, variantIds } = await productWithStock(db, [[12]]);
  const told = async (sell: () => Promise<unknown>) => {
    const before = await countOf(`product:${productId}`, 'list:stock');
    await sell();
    return (await countOf(`product:${productId}`, 'list:stock')).map((count, index) => count !== before[index]);
  };
  const orderId = newId('ord');
  const take = (order: string, quantity: number) => () =>
    reserve(app, { orderId: order, lines: [{ variantId: variantIds[0] ?? '', quantity }], ttlSeconds: 600 });
  expect(await told(take(orderId, 1))).toEqual([false, false]);
  expect(await told(take(newId('ord'), 4))).toEqual([true, false]);
  expect(await told(take(newId('ord'), 7))).toEqual([true, true]);
  expect(await told(take(newId('ord'), 1))).toEqual([false, false]);
  expect(await told(() => release(app, orderId))).toEqual([true, true]);
  expect(await told(() => release(app, orderId))).toEqual([false, false]);
});

test('an answer that is kept by its tags is what would be answered now, whatever was written', { timeout: 120_000 }, async () => {
  const random = randomFrom(seed);
  const next = (below: number) => Math.floor(random() * below);
  const one = <Item>(items: readonly Item[]): Item => items[next(items.length)] as Item;
  const { app, db } = shop.server.parts;
  const things = await Promise.all([0, 1, 2, 3].map(() => productWithStock(db, [[5], [5]])));
  const collectionId = newId('col');
  await db.collection.create({ data: { id: collectionId, slug: collectionId, title: 'Chosen' } });
  const [slugs, words, brands] = [['red', 'green', 'blue'].map((slug) => `${slug}-${seed}`), ['oak', 'lamp', 'chairs'], ['Elm', 'Ash']];
  const mutate = (mutation: string, variables: object = {}) =>
    shop.ask(`mutation${mutation} { userErrors { code } } }`, { ...variables }, catalogManager);
  const update = (input: object) =>
    mutate('($id: ID!, $input: ProductInput!) { productUpdate(id: $id, input: $input)', { id: one(things).productId, input });
  const set = ({ productId, variantIds }: Fixture) => {
    const options = (value: string) => [{ name: 'Wood', value }];
    const variants = variantIds.map((id, index) => ({
      ...{ id, sku: id.slice(-12), options: options(`${one(words)} ${index}`) },
      prices: [{ minor: 100 * (1 + next(9)), currency: 'EUR' }],
    }));
    return mutate('($id: ID!, $v: [ProductVariantInput!]!) { productVariantsSet(productId: $id, variants: $v)', {
      id: productId,
      v: variants,
    });
  };
  const adjust = ({ variantIds, locationIds }: Fixture) => {
    const delta = one([-5, -5, 5]);
    const changes = variantIds.map((variantId) => ({ variantId, locationId: locationIds[0], delta, changeFrom: null }));
    const input = { idempotencyKey: newId('key'), reason: 'count', changes };
    return mutate('($input: InventoryAdjustInput!) { inventoryAdjust(input: $input)', { input });
  };
  const rate = async ({ productId }: Fixture) => {
    await withTx(db, (tx) => recordRating(tx, productId, { average: 1 + next(5), count: 1 }));
    await app.catalogueChanged({ productIds: [productId], facts: ['rating'] });
  };
  const orders = Array.from({ length: 5 }, () => newId('ord'));
  const hold = () =>
    reserve(app, { orderId: one(orders), lines: [{ variantId: one(one(things).variantIds), quantity: 1 + next(3) }], ttlSeconds: 600 });
  const writes = [
    () => update({ title: `${one(words)} ${one(words)}` }),
    () => update({ slug: one(slugs) }),
    () => update({ description: `${one(words)} ${next(100)}` }),
    () => update({ brand: one(brands) }),
    () => update({ attributes: [{ key: 'wood', value: one(words) }] }),
    () => update({ collectionIds: one([[], [collectionId]]) }),
    () => set(one(things)),
    () => adjust(one(things)),
    // An order that holds something else already is refused: nothing happens then.
    () =>
      hold().then(
        () => undefined,
        () => undefined,
      ),
    () => release(app, one(orders)).then(() => undefined),
    () => rate(one(things)),
  ];
  const appearances = ['productArchive', 'productPublish'].map((name) => () => mutate(`{ ${name}(id: "${one(things).productId}")`));
  const lists = ['NEWEST', 'TITLE_ASC', 'PRICE_ASC', 'RATING_DESC'].flatMap((sort) =>
    ['{}', '{ brands: ["Elm"] }', '{ inStock: true }', '{ minRating: 3 }', '{ attributes: { key: "wood", anyOf: ["oak"] } }'].map(
      (filter) => `{ products(first: 2, sort: ${sort}, filter: ${filter}) { nodes { id title priceRange { min { minor } } } totalCount } }`,
    ),
  );
  const searches = ['oak', 'chair', 'lamp OR oak', 'lamp -oak', 'lamp -chair', '"oak lamp"', 'lmap'].map(
    (text) =>
      `{ productSearch(query: ${JSON.stringify(text)}, first: 3) { nodes { title } totalCount facets { key buckets { value count } } } }`,
  );
  const reads = [
    () => [`query($id: ID) { product(id: $id) { ${productFields} } }`, { id: one(things).productId }] as const,
    () => [`query($s: String) { product(slug: $s) { ${productFields} } }`, { s: one(slugs) }] as const,
    () => [`query($id: ID) { variant(id: $id) { id product { title slug } } }`, { id: one(things).variantIds[0] }] as const,
    ...[lists, lists, searches].map((queries) => () => [one(queries), {}] as const),
    () => ['query($id: ID) { collection(id: $id) { title products { nodes { title } totalCount } } }', { id: collectionId }] as const,
    () => {
      const r = [
        { __typename: 'Product', id: one(things).productId },
        { __typename: 'ProductVariant', id: one(things).variantIds[1] },
      ];
      return [entities, { r }] as const;
    },
  ];
  const kept = new KeptAnswers(redis, 'products', (query, variables) => shop.ask(query, variables));
  let used = 0;
  for (let n = 0; n < 80 * rounds; n += 1) {
    // What brings products in and out of sight ends everything: seldom, or nothing else would be tested.
    const write = next(40) === 0 ? one(appearances) : one(writes);
    expect((await write())?.errors).toBeUndefined();
    used += await kept.check();
    for (let reading = 0; reading < 8; reading += 1) await kept.read(...one(reads)());
  }
  expect(used).toBeGreaterThan(100);
});
