import { createAdapter, type PoolOptions } from '@app/database';
import { type Prisma, PrismaClient } from './client/client.ts';

/** The products database. */
export type Database = PrismaClient;

/** An open transaction. Queries take this or the database itself. */
export type Tx = Prisma.TransactionClient;

/** How to open the database. */
export interface DatabaseOptions extends PoolOptions {
  /** Told the text of every SQL statement: tests count them. */
  readonly onQuery?: (sql: string) => void;
}

/** Opens the database; connections are made when needed. */
export function openDatabase(url: string, { onQuery, ...pool }: DatabaseOptions = {}): Database {
  const client = new PrismaClient({ adapter: createAdapter(url, pool), log: onQuery ? [{ emit: 'event', level: 'query' }] : [] });
  if (onQuery) client.$on('query', (event) => onQuery(event.query));
  return client;
}
