import { KeyRing } from '@app/database';
import { type Database, secretFields } from './client.ts';

const batchSize = 500;
const tables = { Address: 'address', MfaFactor: 'mfa_factor' } as const satisfies Record<keyof typeof secretFields, string>;

/**
 * Encrypts with the current key what is stored under another one, or as plain text from before encryption. Returns how
 * many values. Safe beside running servers, and to run again: a value that was changed meanwhile is left alone.
 */
export async function encryptAgain(db: Database, ring: KeyRing): Promise<number> {
  let changed = 0;
  for (const [model, fields] of Object.entries(secretFields)) {
    for (const field of fields)
      changed += await encryptColumn(db, ring, { table: tables[model as keyof typeof tables], field, place: `${model}.${field}` });
  }
  return changed;
}

interface Column {
  readonly table: string;
  readonly field: string;
  readonly place: string;
}

async function encryptColumn(db: Database, ring: KeyRing, { table, field, place }: Column): Promise<number> {
  const current = `enc.v1.${ring.currentKeyId}.%`;
  const select = `SELECT id, ${field} AS value FROM ${table} WHERE ${field} NOT LIKE $1 AND id > $2 ORDER BY id LIMIT ${batchSize}`;
  let changed = 0;
  for (let after = ''; ; ) {
    const rows = await db.$queryRawUnsafe<{ id: string; value: string }[]>(select, current, after);
    for (const { id, value } of rows) {
      const plain = KeyRing.isEncrypted(value) ? ring.decrypt(value, place) : value;
      changed += await db.$executeRawUnsafe(
        `UPDATE ${table} SET ${field} = $1 WHERE id = $2 AND ${field} = $3`,
        ring.encrypt(plain, place),
        id,
        value,
      );
    }
    const last = rows.at(-1);
    if (!last) return changed;
    after = last.id;
  }
}
