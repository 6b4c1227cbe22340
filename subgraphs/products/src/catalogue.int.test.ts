import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../../../prisma/products/seed.ts';
import { auditStock } from './service/housekeeping.ts';
import { catalogManager, type Harness, person, startHarness } from './testing/harness.ts';

let shop: Harness;

beforeAll(async () => {
  shop = await startHarness();
  await seed({ databaseUrl: shop.ownerUrl, scale: 1 });
});
afterAll(() => shop?.[Symbol.asyncDispose]());

test('the demo data keep the invariant of stock', async () => {
  expect(await shop.server.parts.db.reservation.count()).toBeGreaterThan(0);
  expect(await auditStock(shop.server.parts.app)).toEqual([]);
});

/** A list's nodes as loose records. */
interface Node {
  id: string;
  title: string;
  slug: string;
  brand: string;
  variants: { nodes: { id: string; sku: string }[] };
}
const nodesOf = (connection: unknown): Node[] => (connection as { nodes: Node[] }).nodes;

test('a product page comes with variants, prices, availability, category, attributes and pictures', async () => {
  const list = await shop.ask('{ products(first: 1) { nodes { id slug } } }');
  const { slug, id } = nodesOf(list.data['products'])[0] as { slug: string; id: string };
  const { data, errors } = await shop.ask(
    `query($slug: String) { product(slug: $slug) { id title category { name parent { name children { id } } } collections { title products(first: 2) { nodes { id } totalCount } }
      options { name values } priceRange(currency: "JPY") { min { minor currency decimal } max { minor } } featuredImage { url(width: 20) alt }
      media { url } attributes { key label value }
      variants(first: 3) { nodes { id sku product { id } price { decimal } compareAtPrice { minor } availability { state purchasable maxOrderQuantity } image { url } selectedOptions { name value } } pageInfo { hasNextPage } } } }`,
    { slug },
  );
  expect(errors).toBeUndefined();
  expect(data['product']).toMatchObject({
    id,
    priceRange: { min: { currency: 'JPY' } },
    featuredImage: { url: `http://media.test/media/${id}.svg?w=20` },
  });
  expect(JSON.stringify(data)).toContain('"sku"');
});

const sorts = ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'TITLE_ASC', 'RATING_DESC', 'BEST_SELLING'];

test.each(sorts)('sorted by %s, pages forward and backward show every product once and in the same order', async (sort) => {
  const query = `query($first: Int!, $after: String, $last: Int, $before: String) { products(first: $first, after: $after, last: $last, before: $before, sort: ${sort}) {
    nodes { id title } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  interface Page {
    nodes: Node[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  }
  const read = async (variables: Record<string, unknown>) => {
    const { data, errors } = await shop.ask(query, { first: 100, ...variables });
    expect(errors).toBeUndefined();
    return data['products'] as Page;
  };
  const forward: string[] = [];
  let page = await read({});
  const { totalCount } = page;
  for (;;) {
    forward.push(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasNextPage) break;
    page = await read({ after: page.pageInfo.endCursor });
  }
  expect(forward.length).toBe(totalCount);
  expect(new Set(forward).size).toBe(totalCount);
  const backward: string[] = [];
  page = await read({ last: 97 });
  for (;;) {
    backward.unshift(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasPreviousPage) break;
    page = await read({ last: 97, before: page.pageInfo.startCursor });
  }
  expect(backward).toEqual(forward);
});

test('filters narrow the list, and a price filter holds for a variant of every product', async () => {
  const query = `query($filter: ProductFilter) { products(first: 100, filter: $filter, sort: PRICE_ASC) { totalCount nodes { id brand attributes { key value }
    variants { nodes { price { minor } availability { purchasable } } } } } }`;
  const all = await shop.ask(query);
  const total = (all.data['products'] as { totalCount: number }).totalCount;
  const brand = (nodesOf(all.data['products'])[0] as { brand: string }).brand;
  const { data, errors } = await shop.ask(query, {
    filter: { brands: [brand], price: { minMinor: 2000, maxMinor: 6000, currency: 'EUR' }, inStock: true, minRating: 1 },
  });
  expect(errors).toBeUndefined();
  const found = data['products'] as {
    totalCount: number;
    nodes: { brand: string; variants: { nodes: { price: { minor: number }; availability: { purchasable: boolean } }[] } }[];
  };
  expect(found.totalCount).toBeGreaterThan(0);
  expect(found.totalCount).toBeLessThan(total);
  for (const product of found.nodes) {
    expect(product.brand).toBe(brand);
    expect(product.variants.nodes.some(({ price }) => price.minor >= 2000 && price.minor <= 6000)).toBe(true);
    expect(product.variants.nodes.some(({ availability }) => availability.purchasable)).toBe(true);
  }
});

test('a category shows what hangs below it', async () => {
  const { data } = await shop.ask('{ categories { id name children { id } } }');
  const [root] = data['categories'] as { id: string; children: { id: string }[] }[];
  const count = async (ids: (string | undefined)[]) => {
    const answer = await shop.ask('query($ids: [ID!]) { products(filter: { categoryIds: $ids }) { totalCount } }', { ids });
    return (answer.data['products'] as { totalCount: number }).totalCount;
  };
  expect(root?.children.length).toBeGreaterThan(0);
  expect(await count([root?.id])).toBe(await count(root?.children.map(({ id }) => id) ?? []));
  expect(await count([root?.id])).toBeGreaterThan(0);
});

interface Search {
  totalCount: number;
  nodes: Node[];
  facets: { key: string; buckets: { value: string; count: number; selected: boolean }[] }[];
}
const searchQuery = `query($query: String!, $filter: ProductFilter, $sort: ProductSearchSort) { productSearch(query: $query, first: 100, filter: $filter, sort: $sort) {
  totalCount nodes { id title } facets { key label buckets { value label count selected } } } }`;
const search = async (query: string, more: Record<string, unknown> = {}): Promise<Search> => {
  const { data, errors } = await shop.ask(searchQuery, { query, ...more });
  expect(errors).toBeUndefined();
  return data['productSearch'] as Search;
};

test('search finds forms of a word, forgives typing errors, and finds nothing in nonsense', async () => {
  const chairs = await search('chairs');
  expect(chairs.totalCount).toBeGreaterThan(0);
  expect(chairs.nodes[0]?.title.toLowerCase()).toContain('chair');
  const typo = await search('jaket');
  expect(typo.nodes.length).toBeGreaterThan(5);
  for (const { title } of typo.nodes) expect(title.toLowerCase()).toContain('jacket');
  for (const { title } of (await search('coffe')).nodes) expect(title.toLowerCase()).toContain('coffee');
  expect((await search('qqqxyzzyqq')).totalCount).toBe(0);
});

test('a facet ignores its own filter and is narrowed by all others', async () => {
  const free = await search('chair OR desk OR lamp');
  const facet = (found: Search, key: string) => found.facets.find((candidate) => candidate.key === key)?.buckets ?? [];
  const [brand, other] = facet(free, 'brand');
  expect(other).toBeDefined();
  const chosen = await search('chair OR desk OR lamp', { filter: { brands: [brand?.value] } });
  expect(facet(chosen, 'brand').map(({ value, count }) => [value, count])).toEqual(
    facet(free, 'brand').map(({ value, count }) => [value, count]),
  );
  expect(
    facet(chosen, 'brand')
      .filter(({ selected }) => selected)
      .map(({ value }) => value),
  ).toEqual([brand?.value]);
  expect(facet(chosen, 'category').reduce((sum, { count }) => sum + count, 0)).toBe(chosen.totalCount);
  expect(chosen.totalCount).toBe(brand?.count);
  const key = free.facets.find((candidate) => candidate.key.startsWith('attribute:'))?.key ?? '';
  const [value, second] = facet(free, key);
  const byAttribute = await search('chair OR desk OR lamp', { filter: { attributes: [{ key: key.slice(10), anyOf: [value?.value] }] } });
  expect(byAttribute.totalCount).toBe(value?.count);
  expect(facet(byAttribute, key)).toContainEqual({ ...second, selected: false });
});

test('exact stock is for those who may read it', async () => {
  const query = '{ products(first: 1) { nodes { variants { nodes { inventory { onHand reserved available location { name } } } } } } }';
  const forStaff = await shop.ask(query, {}, catalogManager);
  expect(forStaff.errors).toBeUndefined();
  expect(JSON.stringify(forStaff.data)).toContain('onHand');
  const forCustomer = await shop.ask(query, {}, person('CUSTOMER'));
  expect(forCustomer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(JSON.stringify(forCustomer.data)).not.toContain('onHand');
});

test('entities are found by each of their keys; foreign, malformed and missing ones are null', async () => {
  const { data } = await shop.ask('{ products(first: 1) { nodes { id variants { nodes { id sku } } } } }');
  const [product] = nodesOf(data['products']) as { id: string; variants: { nodes: { id: string; sku: string }[] } }[];
  const variant = product?.variants.nodes[0];
  const answer = await shop.ask(
    'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Product { id } ... on ProductVariant { id sku } ... on Category { id } } }',
    {
      refs: [
        { __typename: 'Product', id: product?.id },
        { __typename: 'Product', id: 'prd_00000000000070008000000000000000' },
        { __typename: 'Product', id: `prd_\u0000` },
        { __typename: 'ProductVariant', id: variant?.id },
        { __typename: 'ProductVariant', sku: variant?.sku },
        { __typename: 'ProductVariant', sku: 'no\u0000' },
        { __typename: 'Category', id: 'usr_1' },
      ],
    },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data['_entities']).toEqual([{ id: product?.id }, null, null, variant, variant, null, null]);
});

test('a picture is public, cacheable and validated', async () => {
  const { data } = await shop.ask('{ products(first: 1) { nodes { id } } }');
  const [product] = nodesOf(data['products']);
  const url = `http://localhost:${shop.server.server.port}/media/${product?.id}.svg`;
  const response = await fetch(`${url}?w=40&h=30`);
  expect(response.headers.get('content-type')).toContain('image/svg+xml');
  expect(response.headers.get('cache-control')).toContain('public, max-age=');
  expect(await response.text()).toMatch(/^<svg .*width="40" height="30"/);
  const again = await fetch(`${url}?w=40&h=30`, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect((await fetch(url.replace('prd_', 'prd_0'))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

test('the number of statements does not grow with the number of products', async () => {
  const page = (
    first: number,
  ) => `{ products(first: ${first}) { nodes { id category { name parent { name } } collections { id } attributes { key } priceRange { min { minor } }
    variants(first: 5) { nodes { id product { id } price { minor } compareAtPrice { minor } availability { state } } } } } }`;
  const count = async (first: number) => {
    shop.statements.length = 0;
    expect((await shop.ask(page(first))).errors).toBeUndefined();
    return shop.statements.filter((sql) => /^\s*(SELECT|WITH)/i.test(sql)).length;
  };
  const [few, many] = [await count(2), await count(80)];
  expect(many).toBe(few);
  expect(many).toBeGreaterThan(5);
  expect(many).toBeLessThanOrEqual(12);
});

test.each([
  ['products(first: 0) { nodes { id } }', 'first'],
  ['products(first: 101) { nodes { id } }', 'first'],
  ['products(after: "nonsense") { nodes { id } }', 'cursor'],
  ['products(first: 1, last: 1, after: "x") { nodes { id } }', 'not with both'],
  ['products(filter: { minRating: 9 }) { nodes { id } }', 'minRating'],
  ['products(filter: { brands: ["a\\u0000"] }) { nodes { id } }', 'U+0000'],
  ['productSearch(query: " ") { nodes { id } }', 'query'],
  ['productSearch(query: "a\\u0000b") { nodes { id } }', 'query'],
])('%s is refused with a reason', async (field, reason) => {
  const { errors } = await shop.ask(`{ ${field} }`);
  expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(errors?.[0]?.message).toContain(reason);
});

test('forged cursors are refused', async () => {
  const forge = (...parts: unknown[]) => Buffer.from(JSON.stringify([1, ...parts])).toString('base64url');
  for (const [sort, ...key] of [
    ['NEWEST', 'yesterday', 'x'],
    ['BEST_SELLING', 2 ** 40, 'x'],
    ['RATING_DESC', 1, 'a', 'x'],
    ['TITLE_ASC', 1, 'x'],
  ]) {
    const { errors } = await shop.ask(`query($after: String) { products(after: $after, sort: ${sort}) { nodes { id } } }`, {
      after: forge(sort, ...key),
    });
    expect(errors?.[0]?.extensions['code'], String(sort)).toBe('BAD_USER_INPUT');
  }
});
