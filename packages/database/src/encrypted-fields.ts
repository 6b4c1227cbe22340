import type { KeyRing } from './key-ring.ts';

/** Fields to encrypt, by model as the Prisma schema names it: `{ Address: ['line1', 'phone'] }`. */
export type EncryptedFields = Readonly<Record<string, readonly string[]>>;

/** A call of a model operation, as Prisma hands it to a query extension. */
interface OperationCall {
  readonly args: unknown;
  readonly query: (args: unknown) => Promise<unknown>;
}

type Row = Record<string, unknown>;

const writers = ['create', 'createMany', 'createManyAndReturn', 'update', 'updateMany', 'updateManyAndReturn', 'upsert'];

/**
 * Arguments for Prisma's `client.$extends` that encrypt the named fields on the way in and decrypt them on the way out,
 * also where a row is included by another. Only operations on the model itself encrypt; what a nested or a raw write
 * would store as plain text, a constraint `CHECK (field LIKE 'enc.v1.%')` in the migration refuses.Encrypted fields
 * cannot be filtered by.
 */
export function encryptedFields(fields: EncryptedFields, ring: KeyRing) {
  const models = Object.entries(fields);
  return {
    name: 'encrypted-fields',
    query: Object.fromEntries(models.map(([model, names]) => [camelCase(model), writeHooks(model, names, ring)])),
    result: Object.fromEntries(models.map(([model, names]) => [camelCase(model), readHooks(model, names, ring)])),
  };
}

function writeHooks(model: string, names: readonly string[], ring: KeyRing) {
  const hook = ({ args, query }: OperationCall) => query(encryptArgs(args as Row, model, names, ring));
  return Object.fromEntries(writers.map((operation) => [operation, hook]));
}

function readHooks(model: string, names: readonly string[], ring: KeyRing) {
  const decrypt = (name: string) => ({
    needs: { [name]: true },
    compute: (row: Row) => (typeof row[name] === 'string' ? ring.decrypt(row[name], `${model}.${name}`) : row[name]),
  });
  return Object.fromEntries(names.map((name) => [name, decrypt(name)]));
}

function encryptArgs(args: Row, model: string, names: readonly string[], ring: KeyRing): Row {
  const changed = { ...args };
  for (const part of ['data', 'create', 'update']) {
    const data = changed[part];
    if (Array.isArray(data)) changed[part] = data.map((row: Row) => encryptRow(row, model, names, ring));
    else if (data !== undefined) changed[part] = encryptRow(data as Row, model, names, ring);
  }
  return changed;
}

function encryptRow(row: Row, model: string, names: readonly string[], ring: KeyRing): Row {
  const encrypted = names.flatMap((name) => {
    const value = row[name];
    return typeof value === 'string' ? [[name, ring.encrypt(value, `${model}.${name}`)]] : [];
  });
  return { ...row, ...Object.fromEntries(encrypted) };
}

function camelCase(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1);
}
