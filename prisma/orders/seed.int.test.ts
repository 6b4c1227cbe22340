import { type TestDatabase, testDatabase } from '@app/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from './seed.ts';

const encryptionKeys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

describe('seeding orders', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await testDatabase('orders');
    await seed({ databaseUrl: database.url, scale: 1, encryptionKeys });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database[Symbol.asyncDispose]();
  });

  const count = async (sql: string): Promise<number> =>
    Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n);

  it('writes 2,500 orders once', async () => {
    expect(await count('orders')).toBe(2_500);
    expect(await seed({ databaseUrl: database.url, scale: 1, encryptionKeys })).toEqual({ rows: 0 });
  });

  it('leaves no order whose lines and postage differ from its total', async () => {
    const wrong = `orders o WHERE o.total_minor <> o.shipping_minor + (SELECT sum(l.total_minor) FROM order_line l WHERE l.order_id = o.id)`;
    expect(await count(wrong)).toBe(0);
  });

  it('leaves no payment whose counters differ from its ledger', async () => {
    const ledger = (kind: string): string =>
      `coalesce((SELECT sum(e.amount_minor) FROM payment_event e WHERE e.payment_id = p.id AND e.kind = '${kind}'), 0)`;
    expect(await count(`payment p WHERE p.captured_minor <> ${ledger('CAPTURED')} OR p.refunded_minor <> ${ledger('REFUNDED')}`)).toBe(0);
    expect(await count(`orders o JOIN payment p ON p.order_id = o.id WHERE o.payment_status <> p.status`)).toBe(0);
  });

  it('leaves no line that shipped other units than its parcels hold', async () => {
    const shipped = '(SELECT order_line_id AS id, sum(quantity) AS units FROM fulfillment_line GROUP BY order_line_id) f';
    expect(await count(`order_line l LEFT JOIN ${shipped} USING (id) WHERE l.fulfilled_quantity <> coalesce(f.units, 0)`)).toBe(0);
  });

  it('counts every use of a promotion', async () => {
    expect(await count(`promotion p WHERE p.used <> (SELECT count(*) FROM promotion_redemption r WHERE r.promotion_id = p.id)`)).toBe(0);
    expect(await count(`promotion WHERE used > 50`)).toBe(1);
  });

  it('gives every order the number its page is found under', async () => {
    expect(await count(`orders WHERE number !~ '^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$'`)).toBe(0);
  });
});
