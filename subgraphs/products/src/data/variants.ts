import type { CurrentPrice, SelectedOption, Variant } from '../domain/product.ts';
import type { Tx } from './client.ts';

interface StoredVariant extends Omit<Variant, 'selectedOptions'> {
  readonly selectedOptions: unknown;
}

const selection = {
  id: true,
  productId: true,
  sku: true,
  title: true,
  position: true,
  selectedOptions: true,
  weightGrams: true,
  taxCategory: true,
  restockExpectedAt: true,
} as const;

function toVariant(row: StoredVariant): Variant {
  return { ...row, selectedOptions: row.selectedOptions as readonly SelectedOption[] };
}

/** Variants that are part of their product, by id, of products in any of the statuses. */
export async function findVariants(db: Tx, ids: readonly string[], statuses: readonly string[]): Promise<Variant[]> {
  const where = { id: { in: [...ids] }, archivedAt: null, product: { status: { in: [...statuses] } } };
  return (await db.productVariant.findMany({ where, select: selection })).map(toVariant);
}

/** As {@link findVariants}, by SKU. */
export async function findVariantsBySku(db: Tx, skus: readonly string[], statuses: readonly string[]): Promise<Variant[]> {
  const where = { sku: { in: [...skus] }, archivedAt: null, product: { status: { in: [...statuses] } } };
  return (await db.productVariant.findMany({ where, select: selection })).map(toVariant);
}

/** A page of the variants of many products at once: up to `limit` of each, beyond the key. */
export async function findVariantPages(
  db: Tx,
  productIds: readonly string[],
  page: { readonly limit: number; readonly from: { readonly position: number; readonly id: string } | null },
): Promise<Variant[]> {
  const { position, id } = page.from ?? { position: -1, id: '' };
  const rows = await db.$queryRaw<StoredVariant[]>`
    SELECT v.* FROM unnest(${[...productIds]}::text[]) AS wanted(product_id)
    CROSS JOIN LATERAL (
      SELECT v.id, v.product_id AS "productId", v.sku, v.title, v.position, v.selected_options AS "selectedOptions",
        v.weight_grams AS "weightGrams", v.tax_category AS "taxCategory", v.restock_expected_at AS "restockExpectedAt"
      FROM product_variant v
      WHERE v.product_id = wanted.product_id AND v.archived_at IS NULL AND (v.position, v.id) > (${position}::int, ${id}::text)
      ORDER BY v.position, v.id LIMIT ${page.limit}::int
    ) v`;
  return rows.map(toVariant);
}

export async function countVariants(db: Tx, productId: string): Promise<number> {
  return db.productVariant.count({ where: { productId, archivedAt: null } });
}

/** Prices that count now, in any of the currencies: of the rows valid now, the one that began last. */
export async function findCurrentPrices(db: Tx, variantIds: readonly string[], currencies: readonly string[]): Promise<CurrentPrice[]> {
  const rows = await db.$queryRaw<{ variantId: string; currency: string; minor: bigint; compareAtMinor: bigint | null }[]>`
    SELECT DISTINCT ON (c.variant_id, c.currency)
      c.variant_id AS "variantId", c.currency, c.minor, c.compare_at_minor AS "compareAtMinor"
    FROM price c
    WHERE c.variant_id = ANY (${[...variantIds]}::text[]) AND c.currency = ANY (${[...currencies]}::text[])
      AND c.valid_from <= statement_timestamp() AND (c.valid_to IS NULL OR c.valid_to > statement_timestamp())
    ORDER BY c.variant_id, c.currency, c.valid_from DESC`;
  return rows.map((row) => ({
    ...row,
    minor: Number(row.minor),
    compareAtMinor: row.compareAtMinor === null ? null : Number(row.compareAtMinor),
  }));
}

/** From the cheapest to the dearest variant of a product, in minor units. */
export interface PriceSpan {
  readonly productId: string;
  readonly currency: string;
  readonly minMinor: number;
  readonly maxMinor: number;
}

export async function findPriceSpans(db: Tx, productIds: readonly string[], currencies: readonly string[]): Promise<PriceSpan[]> {
  const rows = await db.productPrice.findMany({ where: { productId: { in: [...productIds] }, currency: { in: [...currencies] } } });
  return rows.map((row) => ({ ...row, minMinor: Number(row.minMinor), maxMinor: Number(row.maxMinor) }));
}

/** Corrects the spans of products whose prices began or ended by the clock alone; answers which. */
export async function refreshLapsedPrices(db: Tx): Promise<string[]> {
  const rows = await db.$queryRaw<{ productId: string }[]>`
    WITH lapsed AS MATERIALIZED (
      SELECT DISTINCT v.product_id FROM price c
      JOIN product_variant v ON v.id = c.variant_id AND v.archived_at IS NULL
      LEFT JOIN product_price span ON span.product_id = v.product_id AND span.currency = c.currency
      WHERE (c.valid_from <= statement_timestamp() AND (span.refreshed_at IS NULL OR c.valid_from > span.refreshed_at) AND (c.valid_to IS NULL OR c.valid_to > statement_timestamp()))
         OR (c.valid_to <= statement_timestamp() AND c.valid_to > span.refreshed_at)
    ), done AS MATERIALIZED (SELECT product_price_refresh(ARRAY(SELECT product_id FROM lapsed)))
    SELECT product_id AS "productId" FROM lapsed, done`;
  return rows.map(({ productId }) => productId);
}
