/**
 * The words that a text search looks for, from the text form of a `tsquery`. Undefined: it is about products that lack a word, so any text may
 * concern it, or about none.
 */
export function queriedWords(query: string): string[] | undefined {
  const words = [...query.matchAll(quoted)].map(([, word = '']) => word);
  return words.length === 0 || query.replaceAll(quoted, '').includes('!') ? undefined : words;
}

/** The words that stand in only one of two documents, or at other places, from the text form of a `tsvector`. */
export function changedWords(before: string, after: string): string[] {
  const [old, now] = [placesOf(before), placesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((word) => old.get(word) !== now.get(word));
}

/** A word as Postgres writes it: quotes and backslashes are doubled. */
const quoted = /'((?:[^']|'')*)'/g;

function placesOf(document: string): Map<string, string> {
  return new Map([...document.matchAll(/'((?:[^']|'')*)'(\S*)/g)].map(([, word = '', places = '']) => [word, places]));
}
