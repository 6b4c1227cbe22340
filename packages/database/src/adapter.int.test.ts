import { testDatabase, testProxy } from '@app/testing';
import { expect, test } from 'vitest';
import { createAdapter } from './adapter.ts';

const one = { sql: 'SELECT 1', args: [], argTypes: [] };

test('a server that is gone without a word is given up, within a transaction too, and asked anew', async () => {
  await using database = await testDatabase();
  await using proxy = await testProxy(database.url);
  const db = await createAdapter(proxy.url, { maxConnections: 1, silenceMs: 300 }).connect();
  for (const isWithin of [false, true]) {
    const tx = isWithin ? await db.startTransaction() : undefined;
    await (tx ?? db).queryRaw(one);
    proxy.fallSilent();
    await expect((tx ?? db).queryRaw(one)).rejects.toThrow();
    await tx?.rollback();
    expect((await db.queryRaw(one)).rows).toEqual([[1]]);
  }
  await db.dispose();
});

test('a machine that is gone in the middle of a transaction does not keep its locks', async () => {
  await using database = await testDatabase();
  await using proxy = await testProxy(database.url);
  const gone = await createAdapter(proxy.url, { idleInTransactionMs: 300 }).connect();
  const other = await createAdapter(database.url).connect();
  const lock = { ...one, sql: 'SELECT 1 FROM pg_advisory_xact_lock(7)' };
  const tx = await gone.startTransaction();
  await tx.queryRaw(lock);
  proxy.fallSilent();
  expect((await other.queryRaw(lock)).rows).toEqual([[1]]);
  await Promise.all([tx.rollback(), other.dispose()]);
});
