import type { ProductStatus } from '../domain/product.ts';
import type { Tx } from './client.ts';

/** A variant with everything that decides how it is sold in a currency now. */
export interface OfferRow {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly weightGrams: number;
  readonly taxCategory: string;
  readonly restockExpectedAt: Date | null;
  readonly productId: string;
  readonly productTitle: string;
  readonly status: ProductStatus;
  /** Minor units; null without a price in the currency. */
  readonly priceMinor: bigint | null;
  /** Free units over all locations. */
  readonly free: number;
}

/** Variants that are part of their product, by id; in one statement, because every look at a cart asks for them. */
export function findOffers(db: Tx, variantIds: readonly string[], currency: string): Promise<OfferRow[]> {
  return db.$queryRaw<OfferRow[]>`
    SELECT v.id, v.sku, v.title, v.weight_grams AS "weightGrams", v.tax_category AS "taxCategory", v.restock_expected_at AS "restockExpectedAt",
      p.id AS "productId", p.title AS "productTitle", p.status, price.minor AS "priceMinor", coalesce(shelves.free, 0) AS free
    FROM product_variant v JOIN product p ON p.id = v.product_id
    LEFT JOIN LATERAL (
      SELECT c.minor FROM price c
      WHERE c.variant_id = v.id AND c.currency = ${currency} AND c.valid_from <= statement_timestamp()
        AND (c.valid_to IS NULL OR c.valid_to > statement_timestamp())
      ORDER BY c.valid_from DESC LIMIT 1
    ) price ON true
    LEFT JOIN LATERAL (SELECT sum(s.on_hand - s.reserved)::int AS free FROM stock s WHERE s.variant_id = v.id) shelves ON true
    WHERE v.id = ANY (${[...variantIds]}::text[]) AND v.archived_at IS NULL ORDER BY v.id`;
}
