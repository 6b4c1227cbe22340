import type { FacetRow } from '../domain/facets.ts';
import type { ProductCriteria } from '../domain/product-list.ts';
import { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';
import { allOf, conditionsOf, hasFreeStock, statusCondition } from './product-conditions.ts';
import { matching, type TextMatch } from './product-search.ts';

/** How many results have a value; `filter` names the facet as {@link conditionsOf} does. */
export type FacetCount = FacetRow;

const bucketsPerFacet = 20;
const attributeFacets = 8;

/**
 * Counts the results per value of every facet in one statement. A facet ignores its own filter, so that it shows what
 * else could be chosen; all other filters narrow it. Each filter is evaluated once per match and kept as a column.
 */
export async function countFacets(db: Tx, match: TextMatch, criteria: ProductCriteria): Promise<FacetCount[]> {
  const text = matching(match);
  const conditions = conditionsOf(criteria);
  const columns = conditions.map(({ sql }, index) => Prisma.sql`, (${sql}) AS ${flag(index)}`);
  const except = (filter: string) => allOf(conditions.flatMap((condition, index) => (condition.filter === filter ? [] : [flag(index)])));
  const everything = allOf(conditions.map((_, index) => flag(index)));
  const chosenKeys = criteria.attributes.map(({ key }) => key);
  const facets = [
    Prisma.sql`SELECT 'category' AS filter, 'Category' AS "filterLabel", c.id AS value, c.name AS label, count(*) AS count
      FROM match m JOIN category c ON c.id = m.category_id WHERE ${except('category')} GROUP BY c.id`,
    Prisma.sql`SELECT 'brand', 'Brand', m.brand, m.brand, count(*) FROM match m WHERE m.brand IS NOT NULL AND ${except('brand')} GROUP BY m.brand`,
    Prisma.sql`SELECT 'rating', 'Rating', stars.least::text, stars.least::text || ' stars and more', count(*)
      FROM match m JOIN generate_series(1, 4) AS stars(least) ON m.rating_average >= stars.least WHERE ${except('rating')} GROUP BY stars.least`,
    Prisma.sql`SELECT 'stock', 'Availability', m.free::text, CASE WHEN m.free THEN 'In stock' ELSE 'Out of stock' END, count(*)
      FROM match m WHERE ${except('stock')} GROUP BY m.free`,
    Prisma.sql`SELECT * FROM (SELECT 'attribute:' || a.key, min(a.label), a.value, a.value, count(*)
      FROM match m JOIN product_attribute a ON a.product_id = m.id
      WHERE ${everything} AND a.key <> ALL (${chosenKeys}::text[]) GROUP BY a.key, a.value) others`,
    ...chosenKeys.map(
      (key) => Prisma.sql`SELECT 'attribute:' || a.key, min(a.label), a.value, a.value, count(*)
        FROM match m JOIN product_attribute a ON a.product_id = m.id
        WHERE ${except(`attribute:${key}`)} AND a.key = ${key} GROUP BY a.key, a.value`,
    ),
  ];
  const rows = await db.$queryRaw<(Omit<FacetCount, 'count'> & { count: bigint })[]>`
    WITH match AS MATERIALIZED (
      SELECT p.id, p.brand, p.category_id, p.rating_average, ${hasFreeStock} AS free ${Prisma.join(columns.length > 0 ? columns : [Prisma.empty], '')}
      FROM product p ${text.join} WHERE ${text.where} AND ${statusCondition(criteria)}
    ), counted AS (${Prisma.join(facets, ' UNION ALL ')}),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY filter ORDER BY count DESC, value) AS place,
        sum(count) OVER (PARTITION BY filter) AS weight FROM counted
    ), facet AS (
      SELECT filter, row_number() OVER (ORDER BY max(weight) DESC, filter) AS place FROM ranked
      WHERE filter LIKE 'attribute:%' GROUP BY filter
    )
    SELECT filter, "filterLabel", value, label, count FROM ranked LEFT JOIN facet USING (filter)
    WHERE ranked.place <= ${bucketsPerFacet} AND (facet.place IS NULL OR facet.place <= ${attributeFacets})
    ORDER BY facet.place NULLS FIRST, filter, ranked.place`;
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The column that holds the outcome of a condition. */
function flag(index: number): Prisma.Sql {
  return Prisma.raw(`keeps_${index}`);
}
