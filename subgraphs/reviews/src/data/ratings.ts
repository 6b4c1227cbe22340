import type { RatingCounts, RatingDelta } from '../domain/rating.ts';
import type { ProductRating } from './client/client.ts';
import type { Tx } from './client.ts';

const toCounts = (row: Omit<ProductRating, 'productId'>): RatingCounts => ({
  stars: [row.stars1, row.stars2, row.stars3, row.stars4, row.stars5],
  verified: row.verified,
});

/** The counters of several products, by product id; without an entry where nobody has reviewed yet. */
export async function findRatings(db: Tx, productIds: readonly string[]): Promise<ReadonlyMap<string, RatingCounts>> {
  const rows = await db.productRating.findMany({ where: { productId: { in: [...productIds] } } });
  return new Map(rows.map((row) => [row.productId, toCounts(row)]));
}

/** Adds a change to the counters of a product and answers them. The row stays locked, so writers of one product queue here. */
export async function addToRating(tx: Tx, productId: string, { stars, verified }: RatingDelta): Promise<RatingCounts> {
  const [one, two, three, four, five] = stars;
  // First make sure of the row: the counters' CHECK holds for a proposed insert too, and a delta may be negative.
  await tx.$executeRaw`INSERT INTO product_rating (product_id) VALUES (${productId}) ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<Omit<ProductRating, 'productId'>[]>`
    UPDATE product_rating SET stars_1 = stars_1 + ${one}::int, stars_2 = stars_2 + ${two}::int, stars_3 = stars_3 + ${three}::int,
      stars_4 = stars_4 + ${four}::int, stars_5 = stars_5 + ${five}::int, verified = verified + ${verified}::int
    WHERE product_id = ${productId}
    RETURNING stars_1 AS stars1, stars_2 AS stars2, stars_3 AS stars3, stars_4 AS stars4, stars_5 AS stars5, verified`;
  if (row === undefined) throw new Error(`the rating of ${productId} vanished under its lock`);
  return toCounts(row);
}

/** Products whose counters are not what counting their reviews gives: has to be empty, always. */
export async function findWrongRatings(db: Tx): Promise<string[]> {
  const rows = await db.$queryRaw<{ productId: string }[]>`
    WITH counted AS (
      SELECT product_id, count(*) FILTER (WHERE rating = 1) AS s1, count(*) FILTER (WHERE rating = 2) AS s2,
        count(*) FILTER (WHERE rating = 3) AS s3, count(*) FILTER (WHERE rating = 4) AS s4, count(*) FILTER (WHERE rating = 5) AS s5,
        count(*) FILTER (WHERE is_verified) AS verified
      FROM review WHERE is_visible GROUP BY product_id
    )
    SELECT coalesce(k.product_id, c.product_id) AS "productId"
    FROM product_rating k FULL JOIN counted c USING (product_id)
    WHERE (coalesce(k.stars_1, 0), coalesce(k.stars_2, 0), coalesce(k.stars_3, 0), coalesce(k.stars_4, 0), coalesce(k.stars_5, 0), coalesce(k.verified, 0))
      <> (coalesce(c.s1, 0), coalesce(c.s2, 0), coalesce(c.s3, 0), coalesce(c.s4, 0), coalesce(c.s5, 0), coalesce(c.verified, 0))`;
  return rows.map(({ productId }) => productId);
}
