import { isJsonObject, type JsonObject, setOwn } from './json-object.ts';

/**
 * Merges what a fetch brought into what is already known of an object. Objects are merged key by key, lists of one length element by
 * element; anything else is replaced by the newer value. Nested values of `source` are used as they are, without a copy.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  if (target === source) return;
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value === undefined) continue;
    const known = Object.hasOwn(target, key) ? target[key] : undefined;
    if (known === undefined || known === null || typeof value !== 'object' || value === null || !mergeValues(known, value)) {
      setOwn(target, key, value);
    }
  }
}

function mergeValues(known: unknown, value: object): boolean {
  if (Array.isArray(value)) return Array.isArray(known) && known.length === value.length && mergeLists(known, value);
  if (!isJsonObject(known)) return false;
  mergeInto(known, value as JsonObject);
  return true;
}

function mergeLists(known: unknown[], values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const before = known[i];
    const isMerged =
      before !== null && typeof before === 'object' && value !== null && typeof value === 'object' && mergeValues(before, value);
    if (!isMerged) known[i] = value;
  }
  return true;
}
