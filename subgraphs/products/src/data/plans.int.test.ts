import { testDatabase } from '@app/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProductCriteria, ProductSort } from '../domain/product-list.ts';
import { type Database, openDatabase } from './client.ts';
import { listProducts } from './product-list.ts';
import { matchFor, searchProducts } from './product-search.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
const statements: string[] = [];

const criteria: ProductCriteria = {
  statuses: ['ACTIVE'],
  categoryIds: null,
  collectionIds: null,
  brands: null,
  price: null,
  inStock: null,
  minRating: null,
  attributes: [],
  sortCurrency: 'EUR',
};

/** Enough products that reading all of them costs more than an index. */
beforeAll(async () => {
  database = await testDatabase('products');
  db = openDatabase(database.url, { onQuery: (sql) => statements.push(sql) });
  await db.$executeRaw`
    INSERT INTO product (id, slug, title, description, status, rating_average, rating_count, sales_count, created_at)
    SELECT 'prd_' || md5(n::text), 'p-' || n, 'Thing ' || md5(n::text) || CASE WHEN n % 2000 = 0 THEN ' lantern' ELSE '' END, 'Described.', 'ACTIVE',
      1 + n % 40 / 10.0, n % 90, n % 700, now() - n * interval '1 minute' FROM generate_series(1, 20000) AS n`;
  await db.$executeRaw`
    INSERT INTO product_variant (id, product_id, sku, title) SELECT 'var_' || md5(n::text), 'prd_' || md5(n::text), 'S' || n, 'One' FROM generate_series(1, 20000) AS n`;
  await db.$executeRaw`
    INSERT INTO price (variant_id, currency, valid_from, minor) SELECT 'var_' || md5(n::text), 'EUR', now() - interval '1 day', n FROM generate_series(1, 20000) AS n`;
  const owner = openDatabase(database.ownerUrl);
  // As autovacuum does after a while; before that the text index is a heap of pending entries.
  await owner.$executeRawUnsafe('VACUUM ANALYZE product, product_price');
  await owner.$disconnect();
});
afterAll(async () => {
  await db.$disconnect();
  await database[Symbol.asyncDispose]();
});

/** The plan of the last statement, whatever its parameters. */
async function planOfLast(): Promise<string> {
  const sql = statements.at(-1) ?? '';
  const rows = await db.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN (GENERIC_PLAN) ${sql}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test.each([
  ['NEWEST', 'product_status_created_at_id_idx'],
  ['TITLE_ASC', 'product_status_title_key_id_idx'],
  ['RATING_DESC', 'product_status_rating_average_rating_count_id_idx'],
  ['BEST_SELLING', 'product_status_sales_count_id_idx'],
  ['PRICE_ASC', 'product_price_currency_min_minor_product_id_idx'],
] as [ProductSort, string][])('a list sorted by %s walks its index instead of sorting the catalogue', async (sort, index) => {
  const first = await listProducts(db, criteria, sort, { limit: 20, isBackward: false, from: null });
  await listProducts(db, criteria, sort, { limit: 20, isBackward: false, from: first.at(-1)?.key ?? null });
  const plan = await planOfLast();
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan on product p');
});

test('a search by words and one by looks go through their indexes', async () => {
  const page = { limit: 20, isBackward: false, from: null };
  const words = await matchFor(db, 'lanterns', criteria);
  expect(await searchProducts(db, words, { criteria, sort: 'RELEVANCE', page })).toHaveLength(10);
  const byWords = `EXPLAIN SELECT p.id FROM product p WHERE p.search @@ websearch_to_tsquery('english', 'lanterns') AND p.status = 'ACTIVE'`;
  expect(JSON.stringify(await db.$queryRawUnsafe(byWords))).toContain('product_search_idx');
  const looks = await matchFor(db, 'lantren', criteria);
  expect(looks.mode).toBe('looks');
  expect((await searchProducts(db, looks, { criteria, sort: 'RELEVANCE', page }))[0]?.item.title).toContain('lantern');
  const byLooks = `EXPLAIN SELECT p.id FROM product p WHERE 'lantren' <% p.title_key`;
  expect(JSON.stringify(await db.$queryRawUnsafe(byLooks))).toContain('product_title_trgm_idx');
});
