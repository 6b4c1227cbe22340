import { isId } from '@app/database';
import { AppError } from '@app/errors';
import { isCurrencyCode } from '@app/money';
import { findProducts } from '../data/products.ts';
import { findFreeUnits } from '../data/stock.ts';
import { findCurrentPrices, findVariants } from '../data/variants.ts';
import { availabilityOf } from '../domain/availability.ts';
import { productStatuses } from '../domain/product.ts';
import { pictureOf } from './pictures.ts';
import type { ProductsApp } from './ports.ts';

/** What others need to know of a variant to sell it. */
export interface Offer {
  readonly id: string;
  readonly sku: string;
  /** Title of product and variant together, as an order line shows it. */
  readonly title: string;
  readonly productId: string;
  readonly productTitle: string;
  readonly purchasable: boolean;
  /** Minor units; null without a price in the currency. */
  readonly priceMinor: number | null;
  readonly weightGrams: number;
  readonly taxCategory: string;
  readonly imageUrl: string;
  readonly maxOrderQuantity: number;
}

/**
 * Variants as they are offered in a currency now. Ids of nothing are left out; what is not on sale is not purchasable.
 * @throws {AppError} BAD_USER_INPUT on more than 500 ids or a malformed currency.
 */
export async function readOffers(app: ProductsApp, ids: readonly string[], currency: string): Promise<Offer[]> {
  if (ids.length > 500) throw new AppError('BAD_USER_INPUT', 'ids must be at most 500.');
  if (!isCurrencyCode(currency)) throw new AppError('BAD_USER_INPUT', 'currency must be an ISO 4217 code.');
  const known = [...new Set(ids.filter((id) => isId('var', id)))].sort();
  if (known.length === 0) return [];
  const [variants, prices, free] = await Promise.all([
    findVariants(app.db, known, productStatuses),
    findCurrentPrices(app.db, known, [currency]),
    findFreeUnits(app.db, known),
  ]);
  const products = new Map(
    (await findProducts(app.db, [...new Set(variants.map(({ productId }) => productId))])).map((product) => [product.id, product]),
  );
  const priceOf = new Map(prices.map(({ variantId, minor }) => [variantId, minor]));
  return variants.flatMap((variant) => {
    const product = products.get(variant.productId);
    if (!product) return [];
    const priceMinor = priceOf.get(variant.id) ?? null;
    const isOnSale = product.status === 'ACTIVE' && priceMinor !== null;
    const { maxOrderQuantity } = availabilityOf(free.get(variant.id) ?? 0, variant.restockExpectedAt !== null);
    return [
      {
        id: variant.id,
        sku: variant.sku,
        title: product.title === variant.title ? product.title : `${product.title}, ${variant.title}`,
        productId: product.id,
        productTitle: product.title,
        purchasable: isOnSale,
        priceMinor,
        weightGrams: variant.weightGrams,
        taxCategory: variant.taxCategory,
        imageUrl: pictureOf(app, variant).source,
        maxOrderQuantity: isOnSale ? maxOrderQuantity : 0,
      },
    ];
  });
}
