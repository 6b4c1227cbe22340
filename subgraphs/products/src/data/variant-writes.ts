import type { SelectedOption } from '../domain/product.ts';
import type { Tx } from './client.ts';

/** A variant of a product, also one that was taken out. */
export interface OwnVariant {
  readonly id: string;
  readonly sku: string;
}

/** All variants that a product ever had. */
export async function findOwnVariants(tx: Tx, productId: string): Promise<OwnVariant[]> {
  return tx.productVariant.findMany({ where: { productId }, select: { id: true, sku: true } });
}

/** SKUs among these that other products have. */
export async function findForeignSkus(tx: Tx, productId: string, skus: readonly string[]): Promise<string[]> {
  const rows = await tx.productVariant.findMany({
    where: { sku: { in: [...skus] }, productId: { not: productId } },
    select: { sku: true },
  });
  return rows.map(({ sku }) => sku);
}

/** A variant as it is to be. */
export interface VariantRow {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly selectedOptions: readonly SelectedOption[];
  /** null: as it is, or 0 for a new one. */
  readonly weightGrams: number | null;
}

/** Makes the product's variants exactly these, in this order; those left out keep their rows and leave the product. */
export async function replaceVariants(tx: Tx, productId: string, variants: readonly VariantRow[], now: Date): Promise<void> {
  const kept = variants.map(({ id }) => id);
  await tx.productVariant.updateMany({ where: { productId, archivedAt: null, id: { notIn: kept } }, data: { archivedAt: now } });
  for (const [position, { id, sku, title, weightGrams, selectedOptions }] of variants.entries()) {
    const options = selectedOptions.map(({ name, value }) => ({ name, value }));
    const data = { sku, title, position, selectedOptions: options, archivedAt: null, ...(weightGrams !== null && { weightGrams }) };
    await tx.productVariant.upsert({ where: { id }, create: { id, productId, ...data }, update: data });
  }
}

/** A price as it is to be from now on. */
export interface PriceRow {
  readonly variantId: string;
  readonly currency: string;
  readonly minor: number;
}

/**
 * Lets these prices begin now and ends those in other currencies. The moment is the statement's, so that who waited
 * for the product's lock begins later than who held it; cut to the column's milliseconds, since rounded up it would lie ahead.
 */
export async function replacePrices(
  tx: Tx,
  variantIds: readonly string[],
  changed: readonly PriceRow[],
  kept: readonly PriceRow[],
): Promise<void> {
  const toJson = (rows: readonly PriceRow[]) =>
    JSON.stringify(rows.map(({ variantId, currency, minor }) => ({ variant_id: variantId, currency, minor })));
  await tx.$executeRaw`
    INSERT INTO price (variant_id, currency, valid_from, minor)
    SELECT variant_id, currency, date_trunc('milliseconds', statement_timestamp()), minor
    FROM jsonb_to_recordset(${toJson(changed)}::jsonb) AS row(variant_id text, currency text, minor bigint)
    ON CONFLICT (variant_id, currency, valid_from) DO UPDATE SET minor = excluded.minor, compare_at_minor = NULL`;
  await tx.$executeRaw`
    UPDATE price c SET valid_to = date_trunc('milliseconds', statement_timestamp())
    WHERE c.variant_id = ANY (${[...variantIds]}::text[]) AND c.valid_from < date_trunc('milliseconds', statement_timestamp())
      AND (c.valid_to IS NULL OR c.valid_to > statement_timestamp())
      AND NOT EXISTS (
        SELECT 1 FROM jsonb_to_recordset(${toJson([...changed, ...kept])}::jsonb) AS row(variant_id text, currency text)
        WHERE row.variant_id = c.variant_id AND row.currency = c.currency)`;
}
