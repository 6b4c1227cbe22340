/** An object that came from a subgraph: any key may be in it, and any may be missing. */
export type JsonObject = Record<string, unknown>;

/** True for objects, not for arrays and null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Makes a reader of one key. Objects from `JSON.parse` inherit from `Object.prototype`, so a client's alias `constructor` would find a
 * function there: names that exist on the prototype are checked to be own, all others are read directly, which is several times faster.
 */
export function propertyReader(key: string): (object: JsonObject) => unknown {
  if (key in Object.prototype) return (object) => (Object.hasOwn(object, key) ? object[key] : undefined);
  return (object) => object[key];
}

/** Sets an own property; a key `__proto__` becomes a property like any other instead of changing the prototype. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** An own property, or undefined. */
export function getOwn(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A copy of an object that came from JSON, with copies of everything in it. */
export function copyOf(object: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(object)) setOwn(copy, key, copyValue(object[key]));
  return copy;
}

function copyValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyValue);
  return isJsonObject(value) ? copyOf(value) : value;
}
