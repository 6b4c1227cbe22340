import { isId } from '@app/database';
import { AppError } from '@app/errors';
import { isCurrencyCode } from '@app/money';
import { findOffers } from '../data/offers.ts';
import { availabilityOf } from '../domain/availability.ts';
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
  return (await findOffers(app.db, known, currency)).map(({ status, restockExpectedAt, free, productTitle, title, ...variant }) => {
    const priceMinor = variant.priceMinor === null ? null : Number(variant.priceMinor);
    const isOnSale = status === 'ACTIVE' && priceMinor !== null;
    const { maxOrderQuantity } = availabilityOf(free, restockExpectedAt !== null);
    return {
      ...variant,
      title: productTitle === title ? title : `${productTitle}, ${title}`,
      productTitle,
      purchasable: isOnSale,
      priceMinor,
      imageUrl: pictureOf(app, { id: variant.id, title }).source,
      maxOrderQuantity: isOnSale ? maxOrderQuantity : 0,
    };
  });
}
