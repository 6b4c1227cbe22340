import { type Dependency, isUnchanged, readWrites } from '@app/cache';
import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { productWithStock } from './testing/fixtures.ts';
import { type Answer, catalogManager, type Harness, person, startHarness } from './testing/harness.ts';

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
  'id title slug description options { name } category { name } collections { title } variants { nodes { id sku title price { minor } } }';
const entities = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Product { ${productFields} } ... on ProductVariant { id sku title product { title } } } }`;

interface Extensions {
  readonly apolloCacheTags?: readonly string[];
  readonly apolloEntityCacheTags?: readonly (readonly string[])[];
}

function tagsOf(answer: Answer): readonly string[] | undefined {
  const { apolloCacheTags, apolloEntityCacheTags } = (answer as { extensions?: Extensions }).extensions ?? {};
  return apolloCacheTags ?? apolloEntityCacheTags?.flat();
}

async function momentNow() {
  const reading = (await readWrites(redis, new Map([['products', new Set()]]))).get('products');
  return { epoch: reading?.epoch ?? '', count: reading?.count ?? 0 };
}

async function holds(kept: Dependency): Promise<boolean> {
  return isUnchanged(kept, await readWrites(redis, new Map([['products', new Set(kept.tags)]])));
}

test('an answer about products has their tags, also out of the cache; lists and what is not there have none', async () => {
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
    '{ products(first: 2) { nodes { id } } }',
    `{ product(id: "${one.productId}") { collections { products { nodes { id } } } } }`,
    `{ product(id: "${one.productId}") { id } categories { name } }`,
    `{ ... { product(id: "${one.productId}") { id } } }`,
  ];
  for (const query of untagged) expect(tagsOf(await shop.ask(query)), query).toBeUndefined();
  const missing = [{ __typename: 'ProductVariant', id: 'var_nobody' }];
  expect(tagsOf(await shop.ask(entities, { r: missing }))).toBeUndefined();
});

test('an answer that is kept by its tags is what would be answered now, whatever was written', { timeout: 60_000 }, async () => {
  let random = seed;
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (random >>> 12) % below;
  };
  const { db } = shop.server.parts;
  const things = await Promise.all([0, 1, 2].map(() => productWithStock(db, [[5], [5]])));
  const slugs = ['red-chair', 'green-chair', 'blue-chair'].map((slug) => `${slug}-${seed}`);
  const pick = () => things[next(things.length)] ?? { productId: '', variantIds: [] };
  const staff = person('CATALOG_MANAGER');
  const update = (id: string, input: object) =>
    shop.ask(
      'mutation($id: ID!, $input: ProductInput!) { productUpdate(id: $id, input: $input) { userErrors { code } } }',
      { id, input },
      staff,
    );
  const writes = [
    () => update(pick().productId, { title: `Title ${next(100)}` }),
    () => update(pick().productId, { slug: slugs[next(3)] }),
    () => update(pick().productId, { description: `Text ${next(100)}` }),
    () => shop.ask(`mutation { productArchive(id: "${pick().productId}") { userErrors { code } } }`, {}, catalogManager),
    () => shop.ask(`mutation { productPublish(id: "${pick().productId}") { userErrors { code } } }`, {}, catalogManager),
  ];
  const reads = [
    () => [`query($id: ID) { product(id: $id) { ${productFields} } }`, { id: pick().productId }] as const,
    () => [`query($s: String) { product(slug: $s) { ${productFields} } }`, { s: slugs[next(3)] }] as const,
    () => [`query($id: ID) { variant(id: $id) { id product { title slug } } }`, { id: pick().variantIds[0] }] as const,
    () =>
      [
        entities,
        {
          r: [
            { __typename: 'Product', id: pick().productId },
            { __typename: 'ProductVariant', id: pick().variantIds[1] },
          ],
        },
      ] as const,
  ];
  const kept = new Map<string, { answer: string; dependency: Dependency }>();
  let used = 0;
  for (let n = 0; n < 150 * rounds; n += 1) {
    if (next(4) === 0) expect((await writes[next(writes.length)]?.())?.errors).toBeUndefined();
    const [query, variables] = reads[next(reads.length)]?.() ?? ['', {}];
    const moment = await momentNow();
    const fresh = await shop.ask(query, variables);
    const answer = JSON.stringify({ data: fresh.data, errors: fresh.errors });
    const key = JSON.stringify([query, variables]);
    const before = kept.get(key);
    if (before !== undefined && (await holds(before.dependency))) {
      expect(before.answer, key).toBe(answer);
      used += 1;
    }
    const tags = tagsOf(fresh);
    kept.set(key, { answer, dependency: { subgraph: 'products', ...moment, tags: tags ?? [], isUntagged: tags === undefined } });
  }
  expect(used).toBeGreaterThan(20);
});
