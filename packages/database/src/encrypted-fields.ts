import type { KeyRing } from './key-ring.ts';

/** Fields to encrypt, by model as the Prisma schema names it; after a dot, a key inside of a JSON field: `{ Address: ['phone'], Cart: ['recipient.phone'] }`. */
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
 * would store as plain text, a constraint `CHECK (field LIKE 'enc.v1.%')` in the migration refuses. Encrypted fields
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

/** A column of a model: encrypted as a whole, or some keys of the JSON object in it. */
interface Column {
  readonly name: string;
  /** Place that a value is bound to; undefined when the column holds an object. */
  readonly place: string | undefined;
  /** Places by key of the object. */
  readonly keys: ReadonlyMap<string, string>;
}

function columnsOf(model: string, names: readonly string[]): Column[] {
  const paths = names.map((path) => ({ name: path.split('.')[0] ?? path, key: path.split('.')[1], place: `${model}.${path}` }));
  return [...new Set(paths.map(({ name }) => name))].map((name) => {
    const own = paths.filter((path) => path.name === name);
    const keys = own.flatMap(({ key, place }) => (key === undefined ? [] : [[key, place] as const]));
    return { name, place: own.find(({ key }) => key === undefined)?.place, keys: new Map(keys) };
  });
}

/** The value with `change` done to each text that is secret. Null, and what Prisma writes for it, stays as it is. */
function changeSecrets(value: unknown, { place, keys }: Column, change: (text: string, place: string) => string): unknown {
  if (typeof value === 'string') return place === undefined ? value : change(value, place);
  if (keys.size === 0 || typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const changed: Row = { ...value };
  for (const [key, keyPlace] of keys) {
    const text = changed[key];
    if (typeof text === 'string') changed[key] = change(text, keyPlace);
  }
  return changed;
}

function writeHooks(model: string, names: readonly string[], ring: KeyRing) {
  const columns = columnsOf(model, names);
  const hook = ({ args, query }: OperationCall) => query(encryptArgs(args as Row, columns, ring));
  return Object.fromEntries(writers.map((operation) => [operation, hook]));
}

function readHooks(model: string, names: readonly string[], ring: KeyRing) {
  const decrypt = (column: Column) => ({
    needs: { [column.name]: true },
    compute: (row: Row) => changeSecrets(row[column.name], column, (text, place) => ring.decrypt(text, place)),
  });
  return Object.fromEntries(columnsOf(model, names).map((column) => [column.name, decrypt(column)]));
}

function encryptArgs(args: Row, columns: readonly Column[], ring: KeyRing): Row {
  const changed = { ...args };
  for (const part of ['data', 'create', 'update']) {
    const data = changed[part];
    if (Array.isArray(data)) changed[part] = data.map((row: Row) => encryptRow(row, columns, ring));
    else if (data !== undefined) changed[part] = encryptRow(data as Row, columns, ring);
  }
  return changed;
}

function encryptRow(row: Row, columns: readonly Column[], ring: KeyRing): Row {
  const given = columns.filter(({ name }) => row[name] !== undefined);
  const encrypt = (text: string, place: string) => ring.encrypt(text, place);
  return { ...row, ...Object.fromEntries(given.map((column) => [column.name, changeSecrets(row[column.name], column, encrypt)])) };
}

function camelCase(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1);
}
