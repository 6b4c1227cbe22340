import type { ProductRow } from '../seed/catalogue/rows.ts';
import { categoryRows, locationRows } from '../seed/catalogue/tree.ts';
import { fillDatabase, type SeedOptions, type SeedResult, type TableRows } from '../seed/core/fill-database.ts';
import type { OrderRow } from '../seed/orders/rows.ts';
import { histogramsOf } from '../seed/reviews/histogram.ts';
import type { HistogramRow } from '../seed/reviews/rows.ts';
import type { Town } from '../seed/world.ts';
import { stockTables } from './seed-stock.ts';

/**
 * Fills the products database: catalogue, prices, stock with the reservations of open orders, and the
 * projections that events from reviews and orders would have built (ratings, units sold).
 */
export function seed(options: SeedOptions): Promise<SeedResult> {
  return fillDatabase(options, {
    marker: (town) => ({ table: 'product', id: town.products()[0]?.id ?? '' }),
    rowsOf: tablesOf,
  });
}

function tablesOf(town: Town): TableRows[] {
  const products = town.products();
  const variants = products.flatMap((product) => product.variants);
  return [
    ...treeTables(),
    { table: 'stock_location', isShared: true, rows: locationRows().map(({ id, code, name }) => ({ id, code, name })) },
    { table: 'product', rows: productRows(town) },
    {
      table: 'product_attribute',
      rows: products.flatMap(({ id, attributes }) => attributes.map((attribute, position) => ({ product_id: id, ...attribute, position }))),
    },
    {
      table: 'product_variant',
      rows: variants.map((variant) => ({
        id: variant.id,
        product_id: variant.productId,
        sku: variant.sku,
        title: variant.title,
        position: variant.position,
        selected_options: variant.selectedOptions,
        weight_grams: variant.weightGrams,
        tax_category: variant.taxCategory,
        art: variant.art,
        created_at: variant.createdAt,
      })),
    },
    {
      table: 'price',
      rows: variants.flatMap(({ id, prices, createdAt }) =>
        prices.map(({ currency, minor, compareAtMinor }) => ({
          variant_id: id,
          currency,
          valid_from: createdAt,
          minor,
          compare_at_minor: compareAtMinor,
        })),
      ),
    },
    ...stockTables(variants, town.reservations()),
    ...collectionTables(town),
  ];
}

/** Parents in a statement of their own: the trigger that keeps a category's path reads the parent's. */
function treeTables(): TableRows[] {
  const rows = categoryRows().map(({ id, slug, name, parentId, position }) => ({ id, slug, name, parent_id: parentId, position }));
  return [
    { table: 'category', isShared: true, rows: rows.filter(({ parent_id }) => parent_id === null) },
    { table: 'category', isShared: true, rows: rows.filter(({ parent_id }) => parent_id !== null) },
  ];
}

function productRows(town: Town): Record<string, unknown>[] {
  const ratings = new Map(histogramsOf(town.reviews()).map((row) => [row.productId, row]));
  const sales = unitsSold(town.orders());
  return town.products().map((product) => productRow(product, ratings.get(product.id), sales.get(product.id) ?? 0));
}

function productRow(product: ProductRow, rating: HistogramRow | undefined, sales: number): Record<string, unknown> {
  const count = rating?.stars.reduce((sum, reviews) => sum + reviews, 0) ?? 0;
  const points = rating?.stars.reduce((sum, reviews, index) => sum + reviews * (index + 1), 0) ?? 0;
  return {
    id: product.id,
    slug: product.slug,
    title: product.title,
    description: product.description,
    brand: product.brand,
    status: product.status,
    category_id: product.categoryId,
    options: product.options,
    art: product.art,
    rating_average: count === 0 ? 0 : points / count,
    rating_count: count,
    sales_count: sales,
    title_key: '',
    keywords: '',
    published_at: product.createdAt,
    created_at: product.createdAt,
    updated_at: product.createdAt,
    version: 1,
  };
}

/** Units of orders that were not refused, given up or cancelled. */
function unitsSold(orders: readonly OrderRow[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { status, lines } of orders) {
    if (status !== 'CONFIRMED' && status !== 'COMPLETED') continue;
    for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity);
  }
  return units;
}

function collectionTables(town: Town): TableRows[] {
  const collections = town.collections();
  return [
    {
      table: 'collection',
      isShared: true,
      rows: collections.map(({ id, slug, title, kind, rule, createdAt }) => ({ id, slug, title, kind, rule, created_at: createdAt })),
    },
    {
      table: 'collection_product',
      rows: collections.flatMap(({ id, productIds }) =>
        productIds.map((productId, position) => ({ collection_id: id, product_id: productId, position })),
      ),
    },
  ];
}
