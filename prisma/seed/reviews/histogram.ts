import type { HistogramRow, ReviewRow } from './rows.ts';

/** The rating histogram of every product that has a published review, counted from the reviews. */
export function histogramsOf(reviews: readonly ReviewRow[]): HistogramRow[] {
  const counts = new Map<string, { stars: [number, number, number, number, number]; verified: number }>();
  for (const { productId, rating, status, verified } of reviews) {
    if (status !== 'PUBLISHED') continue;
    const row = counts.get(productId) ?? { stars: [0, 0, 0, 0, 0], verified: 0 };
    row.stars[rating - 1] = (row.stars[rating - 1] ?? 0) + 1;
    row.verified += verified ? 1 : 0;
    counts.set(productId, row);
  }
  return [...counts].map(([productId, row]) => ({ productId, ...row }));
}
