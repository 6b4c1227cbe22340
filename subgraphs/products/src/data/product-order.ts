import type { Page, ProductSort } from '../domain/product-list.ts';
import { Prisma } from './client/client.ts';

/**
 * An order of products that can be paged by keyset: all columns go the same way and the id comes last, so one row
 * comparison says what lies beyond a cursor, and an index in the same order answers it.
 */
export interface ProductOrder {
  readonly columns: readonly { readonly sql: Prisma.Sql; readonly type: Prisma.Sql }[];
  readonly isDescending: boolean;
  /** What the columns need besides the product p. */
  readonly join: Prisma.Sql;
}

const id = { sql: Prisma.sql`p.id`, type: Prisma.sql`text` };
const int = Prisma.sql`int`;

/** The order's columns; sorting by price leaves out what has no price in the currency. */
export function productOrder(sort: ProductSort, currency: string): ProductOrder {
  const join = Prisma.empty;
  switch (sort) {
    case 'NEWEST':
      return { columns: [{ sql: Prisma.sql`p.created_at`, type: Prisma.sql`timestamptz` }, id], isDescending: true, join };
    case 'TITLE_ASC':
      return { columns: [{ sql: Prisma.sql`p.title_key`, type: Prisma.sql`text` }, id], isDescending: false, join };
    case 'RATING_DESC': {
      const average = { sql: Prisma.sql`p.rating_average`, type: Prisma.sql`float8` };
      return { columns: [average, { sql: Prisma.sql`p.rating_count`, type: int }, id], isDescending: true, join };
    }
    case 'BEST_SELLING':
      return { columns: [{ sql: Prisma.sql`p.sales_count`, type: int }, id], isDescending: true, join };
    case 'PRICE_ASC':
    case 'PRICE_DESC':
      return {
        columns: [{ sql: Prisma.sql`span.min_minor`, type: Prisma.sql`bigint` }, id],
        isDescending: sort === 'PRICE_DESC',
        join: Prisma.sql`JOIN product_price span ON span.product_id = p.id AND span.currency = ${currency}`,
      };
  }
}

/** What lies beyond the page's cursor, in its direction. */
export function beyond({ columns, isDescending }: ProductOrder, { from, isBackward }: Page): Prisma.Sql[] {
  if (from === null) return [];
  const here = Prisma.join(columns.map(({ sql }) => sql));
  const there = Prisma.join(columns.map(({ type }, index) => Prisma.sql`(${String(from[index] ?? '')}::text)::${type}`));
  return [isDescending === isBackward ? Prisma.sql`(${here}) > (${there})` : Prisma.sql`(${here}) < (${there})`];
}

/** The ORDER BY of a page: the list's own, turned round for a backward page. */
export function orderBy({ columns, isDescending }: ProductOrder, { isBackward }: Page): Prisma.Sql {
  const way = isDescending === isBackward ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  return Prisma.join(columns.map(({ sql }) => Prisma.sql`${sql} ${way}`));
}

/** The key of a row, for its cursor, as a JSON array. */
export function keyColumn({ columns }: ProductOrder): Prisma.Sql {
  return Prisma.sql`jsonb_build_array(${Prisma.join(columns.map(({ sql }) => sql))}) AS key`;
}
