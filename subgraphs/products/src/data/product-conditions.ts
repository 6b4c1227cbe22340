import type { ProductCriteria } from '../domain/product-list.ts';
import { Prisma } from './client/client.ts';

/** One filter of a list as SQL over the product called p. Facets leave out their own. */
export interface Condition {
  /** `category`, `brand`, `price`, `rating`, `stock`, `collection` or `attribute:<key>`. */
  readonly filter: string;
  readonly sql: Prisma.Sql;
}

/** The statuses a list shows: always a condition, never a facet. */
export function statusCondition({ statuses }: ProductCriteria): Prisma.Sql {
  const [only] = statuses;
  return statuses.length === 1 ? Prisma.sql`p.status = ${only}` : Prisma.sql`p.status = ANY (${[...statuses]}::text[])`;
}

/** Every filter that is set. */
export function conditionsOf(criteria: ProductCriteria): Condition[] {
  const { categoryIds, collectionIds, brands, price, inStock, minRating, attributes } = criteria;
  return [
    ...(categoryIds ? [{ filter: 'category', sql: inBranches(categoryIds) }] : []),
    ...(collectionIds ? [{ filter: 'collection', sql: inCollections(collectionIds) }] : []),
    ...(brands ? [{ filter: 'brand', sql: Prisma.sql`p.brand = ANY (${[...brands]}::text[])` }] : []),
    ...(price ? [{ filter: 'price', sql: pricedBetween(price) }] : []),
    ...(inStock === null ? [] : [{ filter: 'stock', sql: inStock ? hasFreeStock : Prisma.sql`NOT ${hasFreeStock}` }]),
    ...(minRating === null ? [] : [{ filter: 'rating', sql: Prisma.sql`p.rating_average >= ${minRating}::float8` }]),
    ...attributes.map(({ key, anyOf }) => ({ filter: `attribute:${key}`, sql: hasAttribute(key, anyOf) })),
  ];
}

/** All of the conditions as one; true for none. */
export function allOf(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], ' AND ');
}

/** Some variant can be had from some shelf. */
export const hasFreeStock = Prisma.sql`EXISTS (
  SELECT 1 FROM product_variant v JOIN stock s ON s.variant_id = v.id
  WHERE v.product_id = p.id AND v.archived_at IS NULL AND s.on_hand > s.reserved)`;

function inBranches(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`p.category_id IN (SELECT c.id FROM category c WHERE c.path && ${[...ids]}::text[])`;
}

function inCollections(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM collection_product m WHERE m.product_id = p.id AND m.collection_id = ANY (${[...ids]}::text[]))`;
}

function hasAttribute(key: string, anyOf: readonly string[]): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM product_attribute a WHERE a.product_id = p.id AND a.key = ${key} AND a.value = ANY (${[...anyOf]}::text[]))`;
}

/** Some variant now costs between the bounds. */
function pricedBetween({ minMinor, maxMinor, currency }: NonNullable<ProductCriteria['price']>): Prisma.Sql {
  return Prisma.sql`p.id IN (
    SELECT v.product_id FROM product_variant v CROSS JOIN LATERAL (
      SELECT c.minor FROM price c
      WHERE c.variant_id = v.id AND c.currency = ${currency} AND c.valid_from <= statement_timestamp() AND (c.valid_to IS NULL OR c.valid_to > statement_timestamp())
      ORDER BY c.valid_from DESC LIMIT 1
    ) now_valid
    WHERE v.archived_at IS NULL AND v.product_id IN (
        SELECT span.product_id FROM product_price span WHERE span.currency = ${currency}
          AND span.max_minor >= ${minMinor ?? 0}::bigint AND span.min_minor <= ${maxMinor ?? Number.MAX_SAFE_INTEGER}::bigint)
      AND now_valid.minor BETWEEN ${minMinor ?? 0}::bigint AND ${maxMinor ?? Number.MAX_SAFE_INTEGER}::bigint)`;
}
