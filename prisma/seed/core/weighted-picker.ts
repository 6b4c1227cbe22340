import type { Random } from './random.ts';

/** Draws items by weight in O(log n); made once per town, used thousands of times. */
export interface WeightedPicker<T> {
  pick(random: Random): T;
}

/** @throws {RangeError} when no weight is positive. */
export function weightedPicker<T>(items: readonly T[], weightOf: (item: T) => number): WeightedPicker<T> {
  const chosen = items.filter((item) => weightOf(item) > 0);
  let total = 0;
  const sums = chosen.map((item) => (total += weightOf(item)));
  if (total <= 0) throw new RangeError('weightedPicker: at least one weight must be positive');
  return { pick: (random) => chosen[firstAbove(sums, random.next() * total)] as T };
}

function firstAbove(sums: readonly number[], target: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
