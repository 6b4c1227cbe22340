import type { Pool, PoolClient } from 'pg';

/**
 * The open transaction of the caller: what Prisma's `TransactionClient` offers for raw SQL.
 * `$connect` exists on a root Prisma client only, so passing one where a transaction is needed does not compile.
 */
export interface EventTransaction {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>;
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
  readonly $connect?: never;
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export type Transactor<Tx extends EventTransaction = EventTransaction> = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** A {@link Transactor} over a node-postgres pool, for processes and tools without a generated Prisma client. */
export function pgTransactor(pool: Pool): Transactor {
  return async (work) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(asTransaction(client));
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        (broken: Error) => client.release(broken),
      );
      throw error;
    }
  };
}

function asTransaction(client: PoolClient): EventTransaction {
  return {
    async $queryRawUnsafe<T>(query: string, ...values: unknown[]) {
      return (await client.query(query, values)).rows as T;
    },
    async $executeRawUnsafe(query, ...values) {
      return (await client.query(query, values)).rowCount ?? 0;
    },
  };
}
