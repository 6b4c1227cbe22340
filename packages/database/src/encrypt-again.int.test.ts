import { testDatabase } from '@app/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { encryptAgain, type RawQueries } from './encrypt-again.ts';
import { KeyRing } from './key-ring.ts';

test('values of every other key are encrypted again, also of one whose id looks like the current one to LIKE', async () => {
  await using database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const db: RawQueries = {
    $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) => (await pool.query(sql, values)).rows as Rows,
    $executeRawUnsafe: async (sql, ...values) => (await pool.query(sql, values)).rowCount ?? 0,
  };
  const [old, current] = ['key-2026', 'key_2026'].map((id, n) => `${id}:${Buffer.alloc(32, n).toString('base64')}`);
  const [oldRing, ring] = [KeyRing.parse(`${old}`), KeyRing.parse(`${current},${old}`)];
  await pool.query('CREATE TABLE place (id text PRIMARY KEY, street text)');
  await pool.query('INSERT INTO place VALUES ($1, $2), ($3, $4)', [
    'a',
    oldRing.encrypt('Street 1', 'Place.street'),
    'b',
    ring.encrypt('Street 2', 'Place.street'),
  ]);
  expect(await encryptAgain(db, ring, { Place: ['street'] }, { Place: { table: 'place' } })).toBe(1);
  const { rows } = await pool.query<{ street: string }>('SELECT street FROM place ORDER BY id');
  const onlyCurrent = KeyRing.parse(`${current}`);
  expect(rows.map(({ street }) => onlyCurrent.decrypt(street, 'Place.street'))).toEqual(['Street 1', 'Street 2']);
  await pool.end();
});
