/**
 * `minor × rate`, rounded half away from zero once.
 * @param minor whole minor units.
 * @param rate exact decimal as a string, such as "0.19" for 19 %.
 * @throws {RangeError} when the rate is not a plain decimal or the result is not a safe integer.
 */
export function applyRate(minor: number, rate: string): number {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,9}))?$/.exec(rate);
  if (!match) throw new RangeError(`rate must be a plain decimal such as "0.19", was ${rate}`);
  const fraction = match[3] ?? '';
  const scale = 10n ** BigInt(fraction.length);
  const numerator = BigInt(minor) * BigInt(`${match[1]}${match[2]}${fraction}`);
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = Number((magnitude * 2n + scale) / (scale * 2n));
  if (!Number.isSafeInteger(rounded)) throw new RangeError('amount is too large');
  return numerator < 0n ? -rounded : rounded;
}

/**
 * Splits `total` over `weights` so that the parts add up exactly (largest remainder; ties to the earlier part).
 * All weights zero: everything goes to the first part.
 * @throws {RangeError} when a weight is negative or not an integer, or there is none to take a non-zero total.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) throw new RangeError('weights must be whole and not negative');
  if (weights.length === 0 && total !== 0) throw new RangeError('nothing to allocate to');
  if (sum === 0) return weights.map((_, index) => (index === 0 ? total : 0));
  const shares = weights.map((weight, index) => share(total, weight, sum, index));
  const missing = total - shares.reduce((left, { part }) => left + part, 0);
  const order = [...shares].sort((left, right) => compare(right.remainder, left.remainder) || left.index - right.index);
  const topped = new Set(order.slice(0, Math.abs(missing)).map(({ index }) => index));
  return shares.map(({ part, index }) => part + (topped.has(index) ? Math.sign(missing) : 0));
}

function share(total: number, weight: number, sum: number, index: number): { part: number; remainder: bigint; index: number } {
  const exact = BigInt(total) * BigInt(weight);
  const remainder = exact % BigInt(sum);
  return { part: Number(exact / BigInt(sum)), remainder: remainder < 0n ? -remainder : remainder, index };
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
