import type { Pool } from 'pg';
import type { Transaction } from './sql.ts';

/** Runs `work` in a transaction of a pool: committed when it resolves, rolled back when it throws. */
export async function inTransaction<Result>(pool: Pool, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work({
      async $queryRawUnsafe<T>(query: string, ...values: unknown[]) {
        return (await client.query(query, values)).rows as T;
      },
    });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: Error) => {
      broken = rollback;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
