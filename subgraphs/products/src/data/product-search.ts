import type { Product } from '../domain/product.ts';
import { maxCounted, type Page, type Placed, type ProductCriteria, type SearchSort } from '../domain/product-list.ts';
import { queriedWords } from '../domain/search-words.ts';
import { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';
import { allOf, conditionsOf, statusCondition } from './product-conditions.ts';
import { type KeyedRow, toPlaced } from './product-list.ts';
import { beyond, keyColumn, orderBy, type ProductOrder, productOrder } from './product-order.ts';
import { productColumns } from './products.ts';

/** How a text is looked for: by its words, or by its looks when no word of it is in the catalogue. */
export interface TextMatch {
  readonly text: string;
  readonly mode: 'words' | 'looks';
  /** What was looked for; undefined when any text may come to match. */
  readonly words: readonly string[] | undefined;
}

/** Chooses the way to look for a text. All pages and facets of a search take the same one. */
export async function matchFor(db: Tx, text: string, criteria: ProductCriteria): Promise<TextMatch> {
  const [row] = await db.$queryRaw<{ found: boolean; query: string }[]>`
    WITH asked AS (SELECT websearch_to_tsquery('english', ${text}) AS query)
    SELECT query::text, EXISTS (SELECT 1 FROM product p WHERE p.search @@ query AND ${statusCondition(criteria)}) AS found FROM asked`;
  return row?.found ? { text, mode: 'words', words: queriedWords(row.query) } : { text, mode: 'looks', words: undefined };
}

/** Products p that match, as a join, with their relevance in millionths (whole, so that a cursor can hold it). */
export function matching({ text, mode }: TextMatch): { readonly join: Prisma.Sql; readonly where: Prisma.Sql; readonly score: Prisma.Sql } {
  if (mode === 'looks') {
    return {
      join: Prisma.sql`JOIN (
        SELECT id, score, max(score) OVER () AS best FROM product_fuzzy(${text.toLowerCase()})
      ) fuzzy ON fuzzy.id = p.id`,
      // Titles that look a bit like it are noise beside those that look most like it.
      where: Prisma.sql`fuzzy.score >= fuzzy.best * 0.8`,
      score: Prisma.sql`round(fuzzy.score * 1000000)::int`,
    };
  }
  const query = Prisma.sql`websearch_to_tsquery('english', ${text})`;
  return {
    join: Prisma.empty,
    where: Prisma.sql`p.search @@ ${query}`,
    score: Prisma.sql`round(ts_rank_cd(p.search, ${query}) * 1000000)::int`,
  };
}

/** Up to `limit` results beyond the page's key. */
export async function searchProducts(
  db: Tx,
  match: TextMatch,
  { criteria, sort, page }: { criteria: ProductCriteria; sort: SearchSort; page: Page },
): Promise<Placed<Product>[]> {
  const text = matching(match);
  const order = searchOrder(sort, criteria.sortCurrency, text.score);
  const where = [text.where, statusCondition(criteria), ...conditionsOf(criteria).map(({ sql }) => sql), ...beyond(order, page)];
  const rows = await db.$queryRaw<KeyedRow[]>`
    SELECT ${productColumns}, ${keyColumn(order)} FROM product p ${text.join} ${order.join}
    WHERE ${allOf(where)} ORDER BY ${orderBy(order, page)} LIMIT ${page.limit}::int`;
  return rows.map(toPlaced);
}

/** How many results there are, up to {@link maxCounted}. */
export async function countMatches(db: Tx, match: TextMatch, criteria: ProductCriteria): Promise<number> {
  const text = matching(match);
  const where = [text.where, statusCondition(criteria), ...conditionsOf(criteria).map(({ sql }) => sql)];
  const rows = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM (SELECT 1 FROM product p ${text.join} WHERE ${allOf(where)} LIMIT ${maxCounted}::int) found`;
  return Number(rows[0]?.count ?? 0);
}

function searchOrder(sort: SearchSort, currency: string, score: Prisma.Sql): ProductOrder {
  if (sort !== 'RELEVANCE') return productOrder(sort, currency);
  const columns = [
    { sql: score, type: Prisma.sql`int` },
    { sql: Prisma.sql`p.id`, type: Prisma.sql`text` },
  ];
  return { columns, isDescending: true, join: Prisma.empty };
}
