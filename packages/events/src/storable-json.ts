/** True unless the JSON text has what Postgres refuses in jsonb: U+0000 or half of a surrogate pair, as JSON.stringify writes them. */
export function isStorable(json: string): boolean {
  return !UNSTORABLE.test(json);
}

/** An escape is one behind an even number of backslashes. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;
