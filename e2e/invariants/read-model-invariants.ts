import type { Books } from './books.ts';
import type { Invariant } from './invariant.ts';

/** Of what subgraphs know of each other through events. */
export const readModelInvariants: readonly Invariant[] = [
  { title: 'the rating of a product counts its visible reviews', offenders: wrongCounters },
  { title: 'products shows the rating that reviews has', offenders: wrongCopies },
  { title: 'reviews knows everything that was delivered', offenders: unknownDeliveries },
];

const STARS = [1, 2, 3, 4, 5];

async function wrongCounters(books: Books): Promise<readonly string[]> {
  const rows = await books.read<{ offender: string }>(
    'reviews',
    `WITH counted AS (
       SELECT product_id, count(*) FILTER (WHERE is_verified) AS verified, ${STARS.map((n) => `count(*) FILTER (WHERE rating = ${n}) AS s${n}`).join(', ')}
       FROM review WHERE is_visible GROUP BY product_id
     )
     SELECT coalesce(k.product_id, c.product_id) AS offender FROM product_rating k FULL JOIN counted c USING (product_id)
     WHERE coalesce(k.verified, 0) <> coalesce(c.verified, 0) OR ${STARS.map((n) => `coalesce(k.stars_${n}, 0) <> coalesce(c.s${n}, 0)`).join(' OR ')}`,
  );
  return rows.map(({ offender }) => offender);
}

async function wrongCopies(books: Books): Promise<readonly string[]> {
  const kept = await books.read<{ id: string; count: number; average: number }>(
    'reviews',
    `SELECT product_id AS id, (stars_1 + stars_2 + stars_3 + stars_4 + stars_5)::int AS count,
       (stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5)::float8 / greatest(1, stars_1 + stars_2 + stars_3 + stars_4 + stars_5) AS average
     FROM product_rating
     WHERE NOT EXISTS (SELECT FROM event e WHERE e.stream_type = 'rating' AND e.stream_id = product_id AND e.recorded_at > now() - make_interval(secs => $1))`,
    [books.graceSeconds],
  );
  const shown = await books.read<{ id: string; count: number; average: number }>(
    'products',
    'SELECT id, rating_count AS count, rating_average AS average FROM product WHERE id = ANY($1)',
    [kept.map(({ id }) => id)],
  );
  const byId = new Map(shown.map((product) => [product.id, product]));
  return kept.flatMap(({ id, count, average }) => {
    const product = byId.get(id);
    // Both sides may round the average for display.
    const isSame = product === undefined || (product.count === count && Math.abs(product.average - average) < 0.051);
    return isSame ? [] : [`${id}: ${count} reviews of ${average.toFixed(2)}, shown are ${product.count} of ${product.average}`];
  });
}

async function unknownDeliveries(books: Books): Promise<readonly string[]> {
  const delivered = await books.read<{ line: string }>(
    'orders',
    `SELECT e.stream_id || ' ' || (line ->> 'lineId') AS line FROM event e, jsonb_array_elements(e.data -> 'lines') AS line
     WHERE e.type = 'order.delivered' AND e.data ->> 'buyerId' IS NOT NULL AND e.recorded_at < now() - make_interval(secs => $1)`,
    [books.graceSeconds],
  );
  const known = await books.read<{ line: string }>('reviews', `SELECT order_id || ' ' || line_id AS line FROM purchased_item`);
  const lines = new Set(known.map(({ line }) => line));
  return delivered.map(({ line }) => line).filter((line) => !lines.has(line));
}
