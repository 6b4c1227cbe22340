/** The label value that stands for everything beyond the limit. */
export const OTHER_LABEL = 'other';

/**
 * Bounds the number of different values of a label. Clients choose operation names, and every new value of a label is a series kept in
 * memory for ever: the first `limit` values pass, all others become {@link OTHER_LABEL}.
 * @throws {RangeError} when `limit` is not a whole number of at least 1.
 */
export function createLabelLimit(limit: number): (value: string) => string {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit is ${limit}: allowed is a whole number of at least 1`);
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= limit) return OTHER_LABEL;
    seen.add(value);
    return value;
  };
}
