import { type TestDatabase, testDatabase } from '@app/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from './seed.ts';

describe('seeding products', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await testDatabase('products');
    await seed({ databaseUrl: database.url, scale: 1 });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database[Symbol.asyncDispose]();
  });

  const count = async (sql: string): Promise<number> =>
    Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n);

  it('writes 600 products and about 2,000 variants, once', async () => {
    expect(await count('product')).toBe(600);
    expect(await count('product_variant')).toBeGreaterThan(1_900);
    expect(await seed({ databaseUrl: database.url, scale: 1 })).toEqual({ rows: 0 });
  });

  it('reserves on the shelves exactly what orders hold', async () => {
    const held = `coalesce((SELECT sum(r.quantity) FROM reservation r WHERE r.variant_id = s.variant_id AND r.location_id = s.location_id), 0)`;
    expect(await count(`stock s WHERE s.reserved <> ${held}`)).toBe(0);
    expect(await count('reservation')).toBeGreaterThan(50);
    const moved = `coalesce((SELECT sum(m.delta) FROM stock_movement m WHERE m.variant_id = s.variant_id AND m.location_id = s.location_id), 0)`;
    expect(await count(`stock s WHERE s.on_hand <> ${moved}`)).toBe(0);
  });

  it('gives every variant a price in four currencies and every product a span of prices', async () => {
    expect(await count(`(SELECT variant_id FROM price GROUP BY variant_id HAVING count(DISTINCT currency) = 4) v`)).toBe(
      await count('product_variant'),
    );
    expect(await count('product_price')).toBe(600 * 4);
  });

  it('can be searched at once', async () => {
    expect(await count(`product WHERE search @@ websearch_to_tsquery('english', 'frying pan')`)).toBeGreaterThan(2);
    expect(await count(`product WHERE title_key = ''`)).toBe(0);
  });

  it('hangs every product on a leaf of a tree of two levels', async () => {
    expect(await count('category WHERE parent_id IS NULL')).toBe(8);
    expect(await count('category WHERE cardinality(path) > 2')).toBe(0);
    expect(await count('product p JOIN category c ON c.id = p.category_id WHERE c.parent_id IS NULL')).toBe(0);
  });

  it('adds a second town to the same categories and collections', async () => {
    const result = await seed({ databaseUrl: database.url, scale: 2 });
    expect(result.rows).toBeGreaterThan(10_000);
    expect(await count('product')).toBe(1_200);
    expect(await count('collection')).toBe(10);
  });
});
