import { type TestDatabase, testDatabase } from '@app/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from './seed.ts';

describe('seeding reviews', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await testDatabase('reviews');
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

  it('writes 6,000 reviews once', async () => {
    expect(await count('review')).toBe(6_000);
    expect(await seed({ databaseUrl: database.url, scale: 1 })).toEqual({ rows: 0 });
  });

  it('leaves histograms that equal a recount', async () => {
    const recount = `(SELECT product_id, count(*) FILTER (WHERE rating = 1) AS s1, count(*) FILTER (WHERE rating = 5) AS s5,
      count(*) AS n, count(*) FILTER (WHERE is_verified) AS v FROM review WHERE is_visible GROUP BY product_id) c`;
    const differs =
      'r.stars_1 <> c.s1 OR r.stars_5 <> c.s5 OR r.stars_1 + r.stars_2 + r.stars_3 + r.stars_4 + r.stars_5 <> c.n OR r.verified <> c.v';
    expect(await count(`product_rating r FULL JOIN ${recount} USING (product_id) WHERE (${differs}) IS NOT FALSE`)).toBe(0);
  });

  it('marks a review verified exactly when its author received the product and kept some of it', async () => {
    const kept =
      'EXISTS (SELECT 1 FROM purchased_item p WHERE p.buyer_id = r.author_id AND p.product_id = r.product_id AND p.quantity > p.refunded_quantity)';
    expect(await count(`review r WHERE r.is_verified <> ${kept}`)).toBe(0);
    expect(await count('review WHERE is_verified')).toBe(4_200);
  });

  it('counts helpful votes and knows every author', async () => {
    const helpful = `(SELECT count(*) FROM review_vote v WHERE v.review_id = r.id AND v.value = 'HELPFUL')`;
    expect(await count(`review r WHERE r.helpful_count <> ${helpful}`)).toBe(0);
    expect(await count('review r LEFT JOIN author a ON a.id = r.author_id WHERE a.id IS NULL')).toBe(0);
    expect(await count('answer r LEFT JOIN author a ON a.id = r.author_id WHERE a.id IS NULL')).toBe(0);
  });
});
