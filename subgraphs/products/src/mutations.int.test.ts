import { type Principal, userPrincipal } from '@app/auth';
import { newId } from '@app/database';
import { CatalogService, connectRpc, InventoryService } from '@app/rpc';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { productWithStock } from './testing/fixtures.ts';
import { catalogManager, type Harness, internalKey, person, startHarness } from './testing/harness.ts';

let shop: Harness;

beforeAll(async () => {
  shop = await startHarness();
});
afterAll(() => shop?.[Symbol.asyncDispose]());

interface Payload {
  product: { id: string; slug: string; version: number; status: string } | null;
  variants: unknown[] | null;
  userErrors: { __typename: string; code: string; path: string[] | null }[];
}

const errorFields = 'userErrors { __typename code message path }';
const documents = {
  productCreate: `mutation($input: ProductInput!) { productCreate(input: $input) { product { id slug version status attributes { key label value } } ${errorFields} } }`,
  productUpdate: `mutation($id: ID!, $input: ProductInput!, $expectedVersion: Int) { productUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) { product { id slug version status } ${errorFields} } }`,
  productPublish: `mutation($id: ID!) { productPublish(id: $id) { product { id status version } ${errorFields} } }`,
  productArchive: `mutation($id: ID!) { productArchive(id: $id) { product { id status version } ${errorFields} } }`,
  productVariantsSet: `mutation($productId: ID!, $variants: [ProductVariantInput!]!) { productVariantsSet(productId: $productId, variants: $variants) { product { id version options { name values } priceRange { min { minor } max { minor } } variants { nodes { id sku title price { minor } } } } ${errorFields} } }`,
  inventoryAdjust: `mutation($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) { variants { id inventory { onHand reserved } } ${errorFields} } }`,
} as const;
type Name = keyof typeof documents;

async function run(name: Name, variables: Record<string, unknown>, principal: Principal = catalogManager): Promise<Payload> {
  const { data, errors } = await shop.ask(documents[name], variables, principal);
  expect(errors, JSON.stringify(errors)).toBeUndefined();
  return data[name] as Payload;
}
const codes = (payload: Payload): string[] => payload.userErrors.map(({ code, path }) => `${code} ${path?.join('.') ?? ''}`.trim());
const price = (minor: number, currency = 'EUR') => ({ minor, currency });
const draft = async (title = 'Oak Stool'): Promise<{ id: string; slug: string; version: number }> => {
  const { product } = await run('productCreate', { input: { title } });
  if (!product) throw new Error('nothing was created');
  return product;
};

test('a product is written, given variants, put on sale, found, changed and archived, and each step is told and noted', async () => {
  const created = await run('productCreate', {
    input: { title: 'Über Stool', brand: 'Fjord', attributes: [{ key: 'made-in', value: 'Norway' }] },
  });
  expect(created.product).toMatchObject({ slug: 'uber-stool', version: 1, status: 'DRAFT', attributes: [{ label: 'Made in' }] });
  const id = created.product?.id ?? '';
  expect(codes(await run('productPublish', { id }))).toEqual(['NO_VARIANTS id']);
  const variants = [
    { sku: 'STOOL-S', prices: [price(4900), price(5900, 'USD')], options: [{ name: 'Size', value: 'Small' }], weightGrams: 3000 },
    { sku: 'STOOL-L', prices: [price(6900)], options: [{ name: 'Size', value: 'Large' }] },
  ];
  const set = await run('productVariantsSet', { productId: id, variants });
  expect(set.product).toMatchObject({
    options: [{ name: 'Size', values: ['Small', 'Large'] }],
    priceRange: { min: { minor: 4900 }, max: { minor: 6900 } },
    variants: { nodes: [{ sku: 'STOOL-S', title: 'Small', price: { minor: 4900 } }, { sku: 'STOOL-L' }] },
  });
  const hidden = await shop.ask('query($id: ID) { product(id: $id) { id } }', { id });
  expect(hidden.data['product']).toBeNull();
  expect((await run('productPublish', { id })).product).toMatchObject({ status: 'ACTIVE' });
  const found = await shop.ask(
    '{ productSearch(query: "small norway stools") { nodes { id } } bySku: variant(sku: "STOOL-L") { product { id } } }',
  );
  expect(found.data).toEqual({ productSearch: { nodes: [{ id }] }, bySku: { product: { id } } });
  await run('productUpdate', { id, input: { description: 'Sturdy.' } });
  await run('productArchive', { id });
  expect((await shop.ask('query($id: ID) { product(id: $id) { id } }', { id })).data['product']).toBeNull();
  expect((await shop.ask('query($id: ID) { product(id: $id) { status } }', { id }, catalogManager)).data['product']).toEqual({
    status: 'ARCHIVED',
  });
  const { db } = shop.server.parts;
  const told = await db.event.findMany({ where: { streamId: id }, orderBy: { streamVersion: 'asc' }, select: { type: true } });
  expect(told.map(({ type }) => type)).toEqual(['product.updated', 'product.published', 'product.updated', 'product.archived']);
  expect(await db.event.count({ where: { type: 'variant.price_changed' } })).toBeGreaterThanOrEqual(3);
  expect((await db.auditEntry.findMany({ where: { subjectId: id } })).map(({ action }) => action).sort()).toEqual([
    'productArchive',
    'productCreate',
    'productPublish',
    'productUpdate',
    'productVariantsSet',
  ]);
});

test('of two changes of the same version one is made, and the other hears the version now', async () => {
  const { id, version } = await draft('Contended');
  const change = (title: string) => run('productUpdate', { id, input: { title }, expectedVersion: version });
  const payloads = await Promise.all(['One', 'Two', 'Three'].map(change));
  expect(payloads.filter(({ product }) => product !== null)).toHaveLength(1);
  expect(payloads.flatMap(codes)).toEqual(['VERSION_CONFLICT expectedVersion', 'VERSION_CONFLICT expectedVersion']);
});

test('an address belongs to one live product', async () => {
  const [first, second] = [await draft('Same Name'), await draft('Same Name')];
  expect(second.slug).toMatch(/^same-name-[0-9a-f]{8}$/);
  expect(codes(await run('productUpdate', { id: second.id, input: { slug: first.slug } }))).toEqual(['SLUG_TAKEN input.slug']);
  await run('productArchive', { id: first.id });
  expect(codes(await run('productUpdate', { id: second.id, input: { slug: first.slug } }))).toEqual([]);
});

test('a variant that is left out leaves the product, and comes back under its old id with its SKU', async () => {
  const { id } = await draft('Coming Back');
  const variant = (sku: string, minor: number) => ({ sku, prices: [price(minor)], options: [{ name: 'Kind', value: sku }] });
  const nodes = async (...variants: ReturnType<typeof variant>[]) => {
    const payload = await run('productVariantsSet', { productId: id, variants });
    expect(codes(payload)).toEqual([]);
    return (payload.product as unknown as { variants: { nodes: { id: string; sku: string; price: { minor: number } }[] } }).variants.nodes;
  };
  const [first] = await nodes(variant('BACK-1', 100), variant('BACK-2', 200));
  expect((await nodes(variant('BACK-2', 250))).map(({ sku }) => sku)).toEqual(['BACK-2']);
  const again = await nodes(variant('BACK-2', 250), variant('BACK-1', 100));
  expect(again.at(-1)).toEqual({ ...first });
  const other = await draft('Thief');
  expect(codes(await run('productVariantsSet', { productId: other.id, variants: [variant('BACK-1', 1)] }))).toEqual([
    'SKU_TAKEN variants.0.sku',
  ]);
});

test('stock is corrected once per key, only from what was seen, and never below what is promised', async () => {
  const { db } = shop.server.parts;
  const { variantIds, locationIds } = await productWithStock(db, [[10]]);
  const [variantId, locationId] = [variantIds[0], locationIds[0]];
  const adjust = (delta: number, changeFrom: number | null, key: string, principal = catalogManager) =>
    run(
      'inventoryAdjust',
      { input: { idempotencyKey: key, reason: 'count', changes: [{ variantId, locationId, delta, changeFrom }] } },
      principal,
    );
  const onHand = async () => (await db.stock.findFirstOrThrow({ where: { variantId: variantId ?? '' } })).onHand;
  const payloads = await Promise.all(Array.from({ length: 10 }, () => adjust(5, 10, 'the-same-key')));
  expect(payloads.flatMap(codes)).toEqual([]);
  expect(await onHand()).toBe(15);
  expect(codes(await adjust(6, 10, 'the-same-key'))).toEqual(['IDEMPOTENCY_KEY_REUSED input.idempotencyKey']);
  expect(codes(await adjust(5, 10, 'another-key'))).toEqual(['STALE_QUANTITY input.changes.0.changeFrom']);
  expect(codes(await adjust(5, 15, 'another-key'))).toEqual([]);
  const racing = await Promise.all(Array.from({ length: 8 }, (_, index) => adjust(-1, 20, `racing-key-${index}`)));
  expect(racing.filter((payload) => codes(payload).length === 0)).toHaveLength(1);
  await db.stock.updateMany({ where: { variantId: variantId ?? '' }, data: { reserved: 4 } });
  expect(codes(await adjust(-16, null, 'too-much-key'))).toEqual(['BELOW_RESERVED input.changes.0.delta']);
  expect(codes(await adjust(-15, null, 'just-right-key'))).toEqual([]);
  expect(await onHand()).toBe(4);
  const moved = await db.stockMovement.aggregate({ where: { variantId: variantId ?? '' }, _sum: { delta: true } });
  expect(moved._sum.delta).toBe(-6);
  await db.stock.updateMany({ where: { variantId: variantId ?? '' }, data: { reserved: 0 } });
});

test.each(Object.keys(documents) as Name[])('%s is for those who hold its scope', async (name) => {
  const variables = { id: newId('prd'), productId: newId('prd'), variants: [], input: {} };
  const input = name === 'inventoryAdjust' ? { idempotencyKey: 'some-long-key', reason: 'x', changes: [] } : {};
  const ask = (principal: Principal) => shop.ask(documents[name], { ...variables, input }, principal);
  expect((await ask({ kind: 'anonymous' })).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  for (const principal of [person('CUSTOMER'), person('ORDER_MANAGER'), userPrincipal('usr_1', 'ses_1', [])]) {
    expect((await ask(principal)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  }
});

const nul = 'a\u0000b';
const long = 'x'.repeat(20_000);
const id = newId('prd');
const v = (change: Record<string, unknown>) => ({ productId: id, variants: [{ sku: 'OK-1', prices: [price(1)], options: [], ...change }] });
const change = { variantId: newId('var'), locationId: newId('loc'), delta: 1, changeFrom: null };
const adjustment = (more: Record<string, unknown>) => ({
  input: { idempotencyKey: newId('key'), reason: 'count', changes: [change], ...more },
});

/** Mutation, variables, and the code that is answered as a user error. */
const refused: [Name, Record<string, unknown>, string][] = [
  ['productCreate', { input: {} }, 'REQUIRED'],
  ['productCreate', { input: { title: '' } }, 'REQUIRED'],
  ['productCreate', { input: { title: long } }, 'TOO_LONG'],
  ['productCreate', { input: { title: nul } }, 'INVALID_CHARACTERS'],
  ['productCreate', { input: { title: 'a', slug: 'Not A Slug' } }, 'INVALID'],
  ['productCreate', { input: { title: 'a', slug: nul } }, 'INVALID_CHARACTERS'],
  ['productCreate', { input: { title: 'a', description: long } }, 'TOO_LONG'],
  ['productCreate', { input: { title: 'a', description: nul } }, 'INVALID_CHARACTERS'],
  ['productCreate', { input: { title: 'a', brand: nul } }, 'INVALID_CHARACTERS'],
  ['productCreate', { input: { title: 'a', brand: long } }, 'TOO_LONG'],
  ['productCreate', { input: { title: 'a', categoryId: nul } }, 'NOT_FOUND'],
  ['productCreate', { input: { title: 'a', categoryId: newId('cat') } }, 'NOT_FOUND'],
  ['productCreate', { input: { title: 'a', collectionIds: [newId('col')] } }, 'NOT_FOUND'],
  ['productCreate', { input: { title: 'a', collectionIds: [nul] } }, 'NOT_FOUND'],
  ['productCreate', { input: { title: 'a', collectionIds: Array.from({ length: 51 }, () => newId('col')) } }, 'TOO_MANY'],
  ['productCreate', { input: { title: 'a', attributes: [{ key: 'A B', value: 'x' }] } }, 'INVALID'],
  ['productCreate', { input: { title: 'a', attributes: [{ key: 'a', value: nul }] } }, 'INVALID_CHARACTERS'],
  ['productCreate', { input: { title: 'a', attributes: [{ key: 'a', value: '' }] } }, 'REQUIRED'],
  ['productCreate', { input: { title: 'a', attributes: ['a', 'a'].map((key) => ({ key, value: 'x' })) } }, 'DUPLICATE'],
  ['productUpdate', { id, input: { title: 'a' } }, 'NOT_FOUND'],
  ['productUpdate', { id: nul, input: { title: 'a' } }, 'NOT_FOUND'],
  ['productUpdate', { id: long, input: { title: 'a' } }, 'NOT_FOUND'],
  ['productUpdate', { id, input: { title: nul }, expectedVersion: -5 }, 'INVALID_CHARACTERS'],
  ['productPublish', { id }, 'NOT_FOUND'],
  ['productPublish', { id: nul }, 'NOT_FOUND'],
  ['productPublish', { id: newId('usr') }, 'NOT_FOUND'],
  ['productArchive', { id }, 'NOT_FOUND'],
  ['productArchive', { id: nul }, 'NOT_FOUND'],
  ['productVariantsSet', v({}), 'NOT_FOUND'],
  ['productVariantsSet', { ...v({}), productId: nul }, 'NOT_FOUND'],
  ['productVariantsSet', v({ sku: '' }), 'REQUIRED'],
  ['productVariantsSet', v({ sku: nul }), 'INVALID_CHARACTERS'],
  ['productVariantsSet', v({ sku: 'a b' }), 'INVALID'],
  ['productVariantsSet', v({ sku: long }), 'TOO_LONG'],
  ['productVariantsSet', v({ title: nul }), 'INVALID_CHARACTERS'],
  ['productVariantsSet', v({ title: long }), 'TOO_LONG'],
  ['productVariantsSet', v({ prices: [] }), 'TOO_FEW'],
  ['productVariantsSet', v({ prices: [price(1, 'USD')] }), 'REQUIRED'],
  ['productVariantsSet', v({ prices: [price(-1)] }), 'OUT_OF_RANGE'],
  ['productVariantsSet', v({ prices: [price(2 ** 53 - 1)] }), 'OUT_OF_RANGE'],
  ['productVariantsSet', v({ prices: [price(1), price(2)] }), 'DUPLICATE'],
  ['productVariantsSet', v({ options: [{ name: nul, value: 'x' }] }), 'INVALID_CHARACTERS'],
  ['productVariantsSet', v({ options: [{ name: 'x', value: '' }] }), 'REQUIRED'],
  ['productVariantsSet', v({ options: Array.from({ length: 6 }, (_, n) => ({ name: `n${n}`, value: 'x' })) }), 'TOO_MANY'],
  ['productVariantsSet', v({ weightGrams: -1 }), 'OUT_OF_RANGE'],
  ['productVariantsSet', v({ weightGrams: 2_000_000_000 }), 'OUT_OF_RANGE'],
  [
    'productVariantsSet',
    { productId: id, variants: Array.from({ length: 201 }, (_, n) => ({ sku: `S${n}`, prices: [price(1)], options: [] })) },
    'TOO_MANY',
  ],
  ['productVariantsSet', { productId: id, variants: ['A', 'A'].map((sku) => ({ sku, prices: [price(1)], options: [] })) }, 'DUPLICATE'],
  ['inventoryAdjust', adjustment({}), 'NOT_FOUND'],
  ['inventoryAdjust', adjustment({ idempotencyKey: '' }), 'REQUIRED'],
  ['inventoryAdjust', adjustment({ idempotencyKey: 'short' }), 'TOO_SHORT'],
  ['inventoryAdjust', adjustment({ idempotencyKey: long }), 'TOO_LONG'],
  ['inventoryAdjust', adjustment({ idempotencyKey: `${nul}cdefghij` }), 'INVALID_CHARACTERS'],
  ['inventoryAdjust', adjustment({ reason: '' }), 'REQUIRED'],
  ['inventoryAdjust', adjustment({ reason: nul }), 'INVALID_CHARACTERS'],
  ['inventoryAdjust', adjustment({ reason: long }), 'TOO_LONG'],
  ['inventoryAdjust', adjustment({ changes: [] }), 'TOO_FEW'],
  ['inventoryAdjust', adjustment({ changes: Array.from({ length: 201 }, () => ({ ...change, variantId: newId('var') })) }), 'TOO_MANY'],
  ['inventoryAdjust', adjustment({ changes: [change, change] }), 'DUPLICATE'],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, delta: 0 }] }), 'OUT_OF_RANGE'],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, delta: 2 ** 31 - 1 }] }), 'OUT_OF_RANGE'],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, changeFrom: -1 }] }), 'OUT_OF_RANGE'],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, changeFrom: undefined }] }), 'REQUIRED'],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, variantId: nul }] }), 'NOT_FOUND'],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, locationId: nul }] }), 'NOT_FOUND'],
];

test.each(refused.map(([name, variables, code], index) => [index, name, code, variables] as const))(
  'bad input %i: %s answers %s',
  async (_index, name, code, variables) => {
    const { db } = shop.server.parts;
    const rows = async () => [
      await db.product.count(),
      await db.productVariant.count(),
      await db.stockMovement.count(),
      await db.event.count(),
      await db.idempotencyKey.count(),
    ];
    const before = await rows();
    const payload = await run(name, variables);
    expect(payload.userErrors.map((error) => error.code)).toContain(code);
    expect(payload.product ?? payload.variants ?? null).toBeNull();
    expect(await rows()).toEqual(before);
  },
);

test.each([
  ['productCreate', { input: { title: 5 } }],
  ['productCreate', { input: null }],
  ['productUpdate', { id: null, input: {} }],
  ['productVariantsSet', v({ prices: [price(1, 'eur')] })],
  ['productVariantsSet', v({ prices: [price(1.5)] })],
  ['productVariantsSet', v({ weightGrams: 1e12 })],
  ['inventoryAdjust', adjustment({ changes: [{ ...change, delta: 'one' }] })],
] as [Name, Record<string, unknown>][])('%s refuses values of a wrong type before anything happens', async (name, variables) => {
  const { errors } = await shop.ask(documents[name], variables, catalogManager);
  expect(errors?.[0]?.extensions['code']).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
});

test('orders reserves, commits and ships over RPC and reads offers; other services may not move stock', async () => {
  const { variantIds } = await productWithStock(shop.server.parts.db, [[3], [0]]);
  const connect = (caller: string) =>
    connectRpc({ audience: 'products', url: `http://localhost:${shop.server.rpc.port}`, key: internalKey, caller });
  const orders = connect('orders');
  const inventory = orders.client(InventoryService);
  const [orderId, lines] = [newId('ord'), [{ variantId: variantIds[0], quantity: 2 }]];
  const { variants } = await orders.client(CatalogService).getVariants({ ids: [...variantIds, 'nonsense'], currency: 'EUR' });
  expect(variants).toMatchObject([
    { id: variantIds[0], priceMinor: 1290n, purchasable: true, maxOrderQuantity: 3 },
    { id: variantIds[1], purchasable: true, maxOrderQuantity: 0 },
  ]);
  expect((await orders.client(CatalogService).getVariants({ ids: [...variantIds], currency: 'CHF' })).variants[0]).toMatchObject({
    purchasable: false,
  });
  expect(await inventory.reserve({ orderId, lines, ttlSeconds: 60 })).toMatchObject({ reserved: true });
  expect(await inventory.reserve({ orderId: newId('ord'), lines, ttlSeconds: 60 })).toMatchObject({
    reserved: false,
    shortages: [{ variantId: variantIds[0], requested: 2, available: 1 }],
  });
  expect(await inventory.commit({ orderId })).toMatchObject({ committed: true });
  expect(await inventory.ship({ orderId, shipmentId: 'ful_1', lines })).toMatchObject({ shipped: true });
  await inventory.restock({ orderId, sourceId: 'ret_1', lines });
  expect(await inventory.release({ orderId })).toMatchObject({ released: false });
  await expect(inventory.reserve({ orderId: 'x', lines, ttlSeconds: 60 })).rejects.toMatchObject({ code: Code.InvalidArgument });
  const reviews = connect('reviews');
  await expect(reviews.client(InventoryService).release({ orderId })).rejects.toMatchObject({ code: Code.PermissionDenied });
  orders.close();
  reviews.close();
});

test('no request of this file failed unexpectedly', () => {
  expect(shop.log.filter((line) => line.includes('unexpected') || line.includes('"level":"error"'))).toEqual([]);
});
