import type { EncryptedFields } from './encrypted-fields.ts';
import { KeyRing } from './key-ring.ts';

/** What re-encryption needs of a Prisma client. */
export interface RawQueries {
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): Promise<Rows>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
}

/** Where a model's fields are stored. Tables have a text column `id`. */
export interface EncryptedTable {
  readonly table: string;
  /** Column by field, where the names differ. */
  readonly columns?: Readonly<Record<string, string>>;
}

const batchSize = 500;

/**
 * Encrypts with the current key what is stored under another one, or as plain text from before encryption. Returns how
 * many values. Safe beside running servers, and to run again: a value that was changed meanwhile is left alone.
 */
export async function encryptAgain(
  db: RawQueries,
  ring: KeyRing,
  fields: EncryptedFields,
  tables: Readonly<Record<string, EncryptedTable>>,
): Promise<number> {
  let changed = 0;
  for (const [model, paths] of Object.entries(fields)) {
    const stored = tables[model];
    if (stored === undefined) throw new RangeError(`no table is given for the model ${model}`);
    for (const path of paths) {
      const [field = path, key] = path.split('.');
      const column = stored.columns?.[field] ?? field;
      changed += await encryptValues(db, ring, { table: stored.table, column, key, place: `${model}.${path}` });
    }
  }
  return changed;
}

interface Values {
  readonly table: string;
  readonly column: string;
  /** Key of the JSON object in the column; undefined when the column is the value. */
  readonly key: string | undefined;
  readonly place: string;
}

async function encryptValues(db: RawQueries, ring: KeyRing, { table, column, key, place }: Values): Promise<number> {
  const value = key === undefined ? column : `${column}->>'${key}'`;
  const replaced = key === undefined ? '$1' : `jsonb_set(${column}, '{${key}}', to_jsonb($1::text))`;
  const select = `SELECT id, ${value} AS value FROM ${table} WHERE NOT starts_with(${value}, $1) AND id > $2 ORDER BY id LIMIT ${batchSize}`;
  const update = `UPDATE ${table} SET ${column} = ${replaced} WHERE id = $2 AND ${value} = $3`;
  let changed = 0;
  for (let after = ''; ; ) {
    const rows = await db.$queryRawUnsafe<{ id: string; value: string }[]>(select, `enc.v1.${ring.currentKeyId}.`, after);
    for (const row of rows) {
      const plain = KeyRing.isEncrypted(row.value) ? ring.decrypt(row.value, place) : row.value;
      changed += await db.$executeRawUnsafe(update, ring.encrypt(plain, place), row.id, row.value);
    }
    const last = rows.at(-1);
    if (!last) return changed;
    after = last.id;
  }
}
