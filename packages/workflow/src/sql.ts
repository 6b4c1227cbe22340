import type { ClientBase, Pool } from 'pg';

/**
 * The open transaction of the caller: what Prisma's `TransactionClient` offers for raw SQL.
 * `$connect` exists on a root Prisma client only, so passing one where a transaction is needed does not compile.
 */
export interface Transaction extends RawQueries {
  readonly $connect?: never;
}

/** Anything that runs SQL: a Prisma client or transaction. */
export interface RawQueries {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>;
}

/** Runs one statement and answers its rows. */
export type Sql = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;

export function sqlOf(on: RawQueries): Sql {
  return <Row>(text: string, values: readonly unknown[]) => on.$queryRawUnsafe<Row[]>(text, ...values);
}

export function sqlOfPool(pool: Pool): Sql {
  return async <Row>(text: string, values: readonly unknown[]) => (await pool.query(text, [...values])).rows as Row[];
}

/** DBOS asks for a `pg` client and uses one method of it; a Prisma transaction has it under another name. */
export function asPgClient(tx: RawQueries): ClientBase {
  const client = { query: async (text: string, values: readonly unknown[] = []) => ({ rows: await tx.$queryRawUnsafe(text, ...values) }) };
  return client as unknown as ClientBase;
}
