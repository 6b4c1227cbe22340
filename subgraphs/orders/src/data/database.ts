import { createAdapter, type EncryptedFields, encryptAgain, encryptedFields, KeyRing, type PoolOptions } from '@app/database';
import { type Prisma, PrismaClient } from './client/client.ts';

export type { Prisma } from './client/client.ts';

/** The orders database. */
export type Database = PrismaClient;

/** An open transaction on it. */
export type Tx = Prisma.TransactionClient;

/** What queries run on: the database or a transaction. */
export type Queryable = Tx;

const secretLines = ['line1', 'line2', 'phone'].flatMap((line) => [`shippingAddress.${line}`, `billingAddress.${line}`]);

/** What a thief of a dump must not read: where people live. Checks in the database refuse it as plain text. */
export const secretFields = { Cart: secretLines, Order: secretLines } satisfies EncryptedFields;

/** How to open the database. */
export interface DatabaseOptions extends PoolOptions {
  /** Keys of {@link secretFields}, as {@link KeyRing.parse} reads them. */
  readonly encryptionKeys: string;
  /** Hears every statement. */
  readonly onQuery?: (sql: string) => void;
}

/** Connects lazily; `$disconnect` ends it. */
export function openDatabase(url: string, { encryptionKeys, onQuery, ...pool }: DatabaseOptions): Database {
  const adapter = createAdapter(url, { applicationName: 'orders', ...pool });
  const client = new PrismaClient({ adapter, log: onQuery ? [{ emit: 'event', level: 'query' }] : [] });
  if (onQuery) client.$on('query', ({ query }) => onQuery(query));
  const extension = encryptedFields(secretFields, KeyRing.parse(encryptionKeys)) as unknown as ReturnType<typeof Prisma.defineExtension>;
  // It changes values and not their types, so the client is used as if it had none.
  return client.$extends(extension) as unknown as Database;
}

/** Writes everything secret with the ring's current key; see `encryptAgain` of @app/database. */
export function rotateSecrets(db: Database, ring: KeyRing): Promise<number> {
  const columns = { shippingAddress: 'shipping_address', billingAddress: 'billing_address' };
  return encryptAgain(db, ring, secretFields, { Cart: { table: 'cart', columns }, Order: { table: 'orders', columns } });
}

/** A bigint column as the number it is: amounts are at most 2^53 − 1. */
export function minor(value: bigint): number {
  return Number(value);
}
