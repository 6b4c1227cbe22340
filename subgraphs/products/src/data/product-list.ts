import type { Product } from '../domain/product.ts';
import { maxCounted, type Page, type Placed, type ProductCriteria, type ProductSort } from '../domain/product-list.ts';
import type { Tx } from './client.ts';
import { allOf, conditionsOf, statusCondition } from './product-conditions.ts';
import { beyond, keyColumn, orderBy, productOrder } from './product-order.ts';
import { productColumns, type StoredProduct, toProduct } from './products.ts';

/** A product with the key of its cursor. */
export interface KeyedRow extends StoredProduct {
  readonly key: (string | number | null)[];
}

/** Splits rows into products and their places. */
export function toPlaced({ key, ...row }: KeyedRow): Placed<Product> {
  return { item: toProduct(row), key };
}

/** Up to `limit` products beyond the page's key. */
export async function listProducts(db: Tx, criteria: ProductCriteria, sort: ProductSort, page: Page): Promise<Placed<Product>[]> {
  const order = productOrder(sort, criteria.sortCurrency);
  const where = [statusCondition(criteria), ...conditionsOf(criteria).map(({ sql }) => sql), ...beyond(order, page)];
  const rows = await db.$queryRaw<KeyedRow[]>`
    SELECT ${productColumns}, ${keyColumn(order)} FROM product p ${order.join}
    WHERE ${allOf(where)} ORDER BY ${orderBy(order, page)} LIMIT ${page.limit}::int`;
  return rows.map(toPlaced);
}

/** How many there are, up to {@link maxCounted}. */
export async function countProducts(db: Tx, criteria: ProductCriteria): Promise<number> {
  const where = [statusCondition(criteria), ...conditionsOf(criteria).map(({ sql }) => sql)];
  const rows = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM (SELECT 1 FROM product p WHERE ${allOf(where)} LIMIT ${maxCounted}::int) found`;
  return Number(rows[0]?.count ?? 0);
}

export async function countCollection(db: Tx, collectionId: string, statuses: readonly string[]): Promise<number> {
  return db.collectionProduct.count({ where: { collectionId, product: { status: { in: [...statuses] } } } });
}

/** Pages of several collections at once, in the order of each, beyond the same key. */
export async function listCollections(
  db: Tx,
  collectionIds: readonly string[],
  statuses: readonly string[],
  page: Page,
): Promise<(Placed<Product> & { collectionId: string })[]> {
  const [position, id] = page.from ?? [-1, ''];
  const rows = await db.$queryRaw<(KeyedRow & { collectionId: string })[]>`
    SELECT found.* FROM unnest(${[...collectionIds]}::text[]) AS wanted(id) CROSS JOIN LATERAL (
      SELECT ${productColumns}, jsonb_build_array(m.position, p.id) AS key, m.collection_id AS "collectionId"
      FROM collection_product m JOIN product p ON p.id = m.product_id
      WHERE m.collection_id = wanted.id AND p.status = ANY (${[...statuses]}::text[])
        AND (m.position, m.product_id) > (${Number(position)}::int, ${String(id)}::text)
      ORDER BY m.position, m.product_id LIMIT ${page.limit}::int
    ) found`;
  return rows.map(({ collectionId, ...row }) => ({ ...toPlaced(row), collectionId }));
}
