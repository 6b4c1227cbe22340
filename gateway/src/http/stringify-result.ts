import { JsonText } from '../schema/json-text.ts';

/** An answer before it is written. */
interface Result {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** Writes an answer; data that is JSON already is not written twice. */
export function stringifyResult({ data, ...rest }: Result): string {
  if (!(data instanceof JsonText)) return JSON.stringify({ ...rest, data });
  const head = JSON.stringify(rest);
  return `${head === '{}' ? '{' : `${head.slice(0, -1)},`}"data":${data.text}}`;
}
