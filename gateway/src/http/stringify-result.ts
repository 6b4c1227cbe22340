import { JsonText, KeptJsonText } from '../schema/json-text.ts';

/** An answer before it is written. */
interface Result {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** An answer's bytes where they are kept, else its text. */
export function writeResult(result: Result): string | Buffer {
  const { data, errors, extensions } = result;
  return data instanceof KeptJsonText && errors === undefined && extensions === undefined ? data.body : stringifyResult(result);
}

/** Writes an answer; data that is JSON already is not written twice. */
export function stringifyResult({ data, ...rest }: Result): string {
  if (!(data instanceof JsonText)) return JSON.stringify({ ...rest, data });
  const head = JSON.stringify(rest);
  return `${head === '{}' ? '{' : `${head.slice(0, -1)},`}"data":${data.text}}`;
}
