import { createAdapter, type PoolOptions } from '@app/database';
import { type Prisma, PrismaClient } from './client/client.ts';

export type { Prisma } from './client/client.ts';

/** The orders database. */
export type Database = PrismaClient;

/** An open transaction on it. */
export type Tx = Prisma.TransactionClient;

/** What queries run on: the database or a transaction. */
export type Queryable = Tx;

/** Connects lazily; `$disconnect` ends it. `onQuery` hears every statement. */
export function openDatabase(url: string, options: PoolOptions & { onQuery?: (sql: string) => void } = {}): Database {
  const { onQuery, ...pool } = options;
  const adapter = createAdapter(url, { applicationName: 'orders', ...pool });
  if (onQuery === undefined) return new PrismaClient({ adapter });
  const client = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', ({ query }) => onQuery(query));
  return client;
}

/** A bigint column as the number it is: amounts are at most 2^53 − 1. */
export function minor(value: bigint): number {
  return Number(value);
}
