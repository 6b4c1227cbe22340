import { testDatabase } from '@app/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAdapter } from './adapter.ts';
import { isCheckViolation, isConflict, isUniqueViolation } from './errors.ts';
import { type TransactionHost, withTx } from './with-tx.ts';

let pool: pg.Pool;
let url: string;
let dispose: () => PromiseLike<void>;

/** What Prisma's $transaction does, on a plain connection. */
const host: TransactionHost<pg.PoolClient> = {
  async $transaction(work, options) {
    const client = await pool.connect();
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${options?.isolationLevel === 'Serializable' ? 'SERIALIZABLE' : 'READ COMMITTED'}`);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  },
};

beforeAll(async () => {
  const database = await testDatabase();
  url = database.url;
  dispose = () => database[Symbol.asyncDispose]();
  pool = new pg.Pool({ connectionString: url });
  await pool.query(
    'CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL CHECK (value < 1000)); INSERT INTO counter VALUES (1, 0), (2, 0)',
  );
});
afterAll(async () => {
  await pool.end();
  await dispose();
});

async function increment(tx: pg.PoolClient, id = 1): Promise<void> {
  const { rows } = await tx.query<{ value: number }>('SELECT value FROM counter WHERE id = $1', [id]);
  await tx.query('UPDATE counter SET value = $1 WHERE id = $2', [(rows[0]?.value ?? 0) + 1, id]);
}

test('serializable read-modify-writes that collide are run again until all are counted', async () => {
  await Promise.all(Array.from({ length: 8 }, () => withTx(host, (tx) => increment(tx), { isolation: 'Serializable', attempts: 50 })));
  expect((await pool.query('SELECT value FROM counter WHERE id = 1')).rows).toEqual([{ value: 8 }]);
});

test('a deadlock is run again', async () => {
  let started = 0;
  let release = (): void => undefined;
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  const crossing = (first: number, second: number) =>
    withTx(host, async (tx) => {
      await tx.query('UPDATE counter SET value = value + 1 WHERE id = $1', [first]);
      started += 1;
      if (started === 2) release();
      await both;
      await tx.query('UPDATE counter SET value = value + 1 WHERE id = $1', [second]);
    });
  await Promise.all([crossing(1, 2), crossing(2, 1)]);
  expect((await pool.query('SELECT value FROM counter ORDER BY id')).rows).toEqual([{ value: 10 }, { value: 2 }]);
  expect(started).toBeGreaterThan(2);
});

test('any other failure rolls back and is not run again', async () => {
  let runs = 0;
  const work = withTx(host, async (tx) => {
    runs += 1;
    await increment(tx);
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(runs).toBe(1);
  expect((await pool.query('SELECT value FROM counter WHERE id = 1')).rows).toEqual([{ value: 10 }]);
});

test('after the last attempt the conflict is the error', async () => {
  const conflict = Object.assign(new Error('could not serialize'), { code: '40001' });
  let runs = 0;
  const failing = withTx(
    host,
    () => {
      runs += 1;
      return Promise.reject(conflict);
    },
    { attempts: 3 },
  );
  await expect(failing).rejects.toBe(conflict);
  expect(runs).toBe(3);
});

test('what Postgres said is recognised, from the driver and through the adapter', async () => {
  const broken = (sql: string) => pool.query(sql).catch((error: unknown) => error);
  expect(isUniqueViolation(await broken('INSERT INTO counter VALUES (1, 0)'))).toBe(true);
  expect(isCheckViolation(await broken('UPDATE counter SET value = 1000'))).toBe(true);
  const adapter = await createAdapter(url, { applicationName: 'test', maxConnections: 1 }).connect();
  try {
    const query = (sql: string) => adapter.queryRaw({ sql, args: [], argTypes: [] });
    expect(isUniqueViolation(await query('INSERT INTO counter VALUES (1, 0)').catch((error: unknown) => error))).toBe(true);
    expect((await query('SHOW application_name')).rows).toEqual([['test']]);
  } finally {
    await adapter.dispose();
  }
});

test.each([undefined, null, 'text', 5, new Error('x'), { cause: { cause: {} } }])('%s is none of them', (error) => {
  expect(isConflict(error) || isUniqueViolation(error) || isCheckViolation(error)).toBe(false);
});

test('codes are found where Prisma puts them', () => {
  expect(isUniqueViolation({ code: 'P2002' })).toBe(true);
  expect(isConflict({ code: 'P2010', meta: { code: '40P01' } })).toBe(true);
  expect(isConflict({ code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '40001' } } } })).toBe(true);
});
