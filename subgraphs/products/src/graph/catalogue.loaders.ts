import type { Connection, PageArguments } from '@app/subgraph';
import DataLoader from 'dataloader';
import type { Availability } from '../domain/availability.ts';
import type { Category, Collection, CurrentPrice, Product, ProductAttribute, Variant } from '../domain/product.ts';
import { browseCollections } from '../service/browse.ts';
import type { ProductsApp, Viewer } from '../service/ports.ts';
import { readCategories, readChildren, readCollections, readCollectionsOf } from '../service/read-categories.ts';
import {
  type PriceSpan,
  readAttributes,
  readPriceSpans,
  readPrices,
  readProducts,
  readVariantPages,
  readVariants,
  readVariantsBySku,
  type VariantPage,
} from '../service/read-products.ts';
import { readAvailability, readStockLevels, type StockLevel } from '../service/read-stock.ts';
import { LoadersBy, loadMany, loadOne } from './batch.ts';

/** Loaders of one request: one statement for all keys of a kind. */
export interface CatalogueLoaders {
  readonly product: DataLoader<string, Product | null>;
  readonly attributes: DataLoader<string, readonly ProductAttribute[]>;
  readonly variant: DataLoader<string, Variant | null>;
  readonly variantBySku: DataLoader<string, Variant | null>;
  readonly variantPage: LoadersBy<VariantPage, DataLoader<string, readonly Variant[]>>;
  /** By currencies asked: the price in each of them. */
  readonly prices: LoadersBy<readonly string[], DataLoader<string, readonly CurrentPrice[]>>;
  readonly priceSpans: LoadersBy<readonly string[], DataLoader<string, readonly PriceSpan[]>>;
  readonly availability: DataLoader<Variant, Availability, string>;
  readonly stockLevels: DataLoader<string, readonly StockLevel[]>;
  readonly category: DataLoader<string, Category | null>;
  readonly children: DataLoader<string, readonly Category[]>;
  readonly collection: DataLoader<string, Collection | null>;
  readonly collectionsOf: DataLoader<string, readonly { productId: string; collection: Collection }[]>;
  readonly collectionPage: LoadersBy<PageArguments, DataLoader<string, Connection<Product>>>;
}

const byId = ({ id }: { readonly id: string }): string => id;
const byProduct = ({ productId }: { readonly productId: string }): string => productId;
const byVariant = ({ variantId }: { readonly variantId: string }): string => variantId;

/** Fresh loaders for a request. */
export function catalogueLoaders(app: ProductsApp, viewer: Viewer): CatalogueLoaders {
  return {
    product: loadOne((ids) => readProducts(app, viewer, ids), byId),
    attributes: loadMany((ids) => readAttributes(app, ids), byProduct),
    variant: loadOne((ids) => readVariants(app, viewer, ids), byId),
    variantBySku: loadOne(
      (skus) => readVariantsBySku(app, viewer, skus),
      ({ sku }) => sku,
    ),
    variantPage: new LoadersBy((page) => loadMany((ids) => readVariantPages(app, ids, page), byProduct)),
    prices: new LoadersBy((currencies) => loadMany((ids) => readPrices(app, ids, currencies), byVariant)),
    priceSpans: new LoadersBy((currencies) => loadMany((ids) => readPriceSpans(app, ids, currencies), byProduct)),
    availability: new DataLoader<Variant, Availability, string>((variants) => readAvailability(app, variants), {
      cacheKeyFn: byId,
      maxBatchSize: 500,
    }),
    stockLevels: loadMany((ids) => readStockLevels(app, viewer, ids), byVariant),
    category: loadOne((ids) => readCategories(app, ids), byId),
    children: loadMany(
      (ids) => readChildren(app, ids),
      ({ parentId }) => parentId ?? '',
    ),
    collection: loadOne((ids) => readCollections(app, ids), byId),
    collectionsOf: loadMany((ids) => readCollectionsOf(app, ids), byProduct),
    collectionPage: new LoadersBy(
      (page) =>
        new DataLoader(async (ids: readonly string[]) => {
          const pages = await browseCollections(app, viewer, ids, page);
          return ids.map((id) => pages.get(id) ?? new Error('a collection without a page'));
        }),
    ),
  };
}
