import { createAdapter, type EncryptedFields, encryptAgain, encryptedFields, KeyRing, type PoolOptions } from '@app/database';
import { type Prisma, PrismaClient } from './client/client.ts';

/** The accounts database. */
export type Database = PrismaClient;

/** An open transaction. Queries take this or the database itself. */
export type Tx = Prisma.TransactionClient;

/** What a thief of a dump must not read. Checks in the database refuse it as plain text. */
export const secretFields = { Address: ['line1', 'line2', 'phone'], MfaFactor: ['secret'] } as const satisfies EncryptedFields;

/** How to open the database. */
export interface DatabaseOptions extends PoolOptions {
  /** Keys of {@link secretFields}, as {@link KeyRing.parse} reads them. */
  readonly encryptionKeys: string;
  /** Told the text of every SQL statement: tests count them. */
  readonly onQuery?: (sql: string) => void;
}

/** Opens the database; connections are made when needed. */
export function openDatabase(url: string, { encryptionKeys, onQuery, ...pool }: DatabaseOptions): Database {
  const client = new PrismaClient({ adapter: createAdapter(url, pool), log: onQuery ? [{ emit: 'event', level: 'query' }] : [] });
  if (onQuery) client.$on('query', (event) => onQuery(event.query));
  const extension = encryptedFields(secretFields, KeyRing.parse(encryptionKeys)) as unknown as ReturnType<typeof Prisma.defineExtension>;
  // It changes values and not their types, so the client is used as if it had none.
  return client.$extends(extension) as unknown as Database;
}

/** Writes everything secret with the ring's current key; see `encryptAgain` of @app/database. */
export function rotateSecrets(db: Database, ring: KeyRing): Promise<number> {
  return encryptAgain(db, ring, secretFields, { Address: { table: 'address' }, MfaFactor: { table: 'mfa_factor' } });
}
