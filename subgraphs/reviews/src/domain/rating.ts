/** How a review counts in the rating of its product: not at all, or with its stars. */
export type Contribution = { readonly rating: number; readonly isVerified: boolean } | null;

/** What one change of a review does to the counters of its product; `stars[n]` belongs to n + 1 stars. */
export interface RatingDelta {
  readonly stars: readonly [number, number, number, number, number];
  readonly verified: number;
}

/** The counters of a product. */
export interface RatingCounts {
  readonly stars: readonly number[];
  readonly verified: number;
}

/** From what a review counted as before to what it counts as now; null when that is the same. */
export function ratingDelta(before: Contribution, after: Contribution): RatingDelta | null {
  const stars: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let verified = 0;
  for (const [contribution, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    if (contribution === null) continue;
    const index = contribution.rating - 1;
    stars[index] = (stars[index] ?? 0) + sign;
    verified += contribution.isVerified ? sign : 0;
  }
  return verified === 0 && stars.every((count) => count === 0) ? null : { stars, verified };
}

/** How many reviews count. */
export function ratingCount({ stars }: RatingCounts): number {
  return stars.reduce((sum, count) => sum + count, 0);
}

/** Mean of the stars, rounded to hundredths; null without reviews. */
export function ratingAverage(counts: RatingCounts): number | null {
  const count = ratingCount(counts);
  if (count === 0) return null;
  const sum = counts.stars.reduce((total, each, index) => total + each * (index + 1), 0);
  return Math.round((sum / count) * 100) / 100;
}
