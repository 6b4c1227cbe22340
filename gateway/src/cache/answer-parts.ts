import type { SubgraphResponse } from '../fetch/fetcher.ts';

/** Whether an answer has no errors: only such are kept. */
export function isWhole({ errors }: SubgraphResponse): boolean {
  return errors === undefined || errors === null || (Array.isArray(errors) && errors.length === 0);
}

/** Errors name entities by their place among those that were asked for; this gives them their place among all. */
export function atOldPlaces(errors: unknown, key: string, asked: readonly number[]): unknown {
  if (!Array.isArray(errors)) return errors;
  return errors.map((error: unknown) => {
    if (typeof error !== 'object' || error === null || !('path' in error) || !Array.isArray(error.path)) return error;
    const [first, index, ...rest] = error.path as unknown[];
    return first === key && typeof index === 'number' ? { ...error, path: [first, asked[index] ?? index, ...rest] } : error;
  });
}

/** The list at a key of the data, if there is one. */
export function listOf({ data }: SubgraphResponse, key: string): unknown[] | undefined {
  const list = memberOf(data, key);
  return Array.isArray(list) ? list : undefined;
}

/** A member of something that may not be an object. */
export function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
