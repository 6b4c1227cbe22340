/** The label value that stands for everything beyond the limit. */
export const OTHER_LABEL = 'other';

/** A longer value is nothing that somebody gave a name to in order to see it here. */
const MAX_LENGTH = 100;

/**
 * Bounds the number of different values of a label, and their length. Clients choose operation names, and every new value of a label is a
 * series kept in memory for ever: the first `limit` values of up to 100 characters pass, all others become {@link OTHER_LABEL}.
 * @throws {RangeError} when `limit` is not a whole number of at least 1.
 */
export function createLabelLimit(limit: number): (value: string) => string {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit is ${limit}: allowed is a whole number of at least 1`);
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= limit || value.length > MAX_LENGTH) return OTHER_LABEL;
    seen.add(value);
    return value;
  };
}
