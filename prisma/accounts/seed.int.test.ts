import { testDatabase } from '@app/testing';
import { verify } from '@node-rs/argon2';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { DEMO_PASSWORD, demoLogins } from '../seed/people/demo-logins.ts';
import { seed } from './seed.ts';

const encryptionKeys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

describe('seeding accounts', () => {
  it('writes everybody once, adds only what a larger scale lacks, and reports progress to the end', async () => {
    await using database = await testDatabase('accounts');
    const progress: number[] = [];
    const first = await seed({
      databaseUrl: database.url,
      scale: 1,
      encryptionKeys,
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    expect(first.rows).toBeGreaterThan(600);
    expect(progress.at(-1)).toBe(1);
    expect(await seed({ databaseUrl: database.url, scale: 1, encryptionKeys })).toEqual({ rows: 0 });
    expect((await seed({ databaseUrl: database.url, scale: 2, encryptionKeys })).rows).toBeGreaterThan(300);
    expect(await count(database.url, 'SELECT count(*) FROM account')).toBe(606);
  });

  it('lets every demo login in with the one password', async () => {
    await using database = await testDatabase('accounts');
    await seed({ databaseUrl: database.url, scale: 1, encryptionKeys });
    const rows = await query<{ email: string; password_hash: string; roles: string[] }>(
      database.url,
      `SELECT email, password_hash, roles FROM account WHERE email LIKE '%@example.com' ORDER BY created_at, email`,
    );
    expect(rows.map(({ email }) => email).sort()).toEqual(demoLogins.map(({ email }) => email).sort());
    expect(await verify(rows[0]?.password_hash ?? '', DEMO_PASSWORD)).toBe(true);
    expect(rows.find(({ email }) => email === 'admin@example.com')?.roles).toEqual(['CUSTOMER', 'ADMIN']);
  });
});

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function count(url: string, sql: string): Promise<number> {
  const [row] = await query<{ count: string }>(url, sql);
  return Number(row?.count);
}
