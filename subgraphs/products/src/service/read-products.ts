import { isId } from '@app/database';
import { findAttributes, findProductBySlug, findProducts } from '../data/products.ts';
import { findCurrentPrices, findPriceSpans, findVariantPages, findVariants, findVariantsBySku, type PriceSpan } from '../data/variants.ts';
import type { CurrentPrice, Product, ProductAttribute, Variant } from '../domain/product.ts';
import { visibleStatuses } from './access.ts';
import type { ProductsApp, Viewer } from './ports.ts';

/** Products by id, as far as the viewer may see them. */
export async function readProducts(app: ProductsApp, viewer: Viewer, ids: readonly string[]): Promise<Product[]> {
  const known = ids.filter((id) => isId('prd', id));
  if (known.length === 0) return [];
  const statuses = visibleStatuses(viewer);
  return (await findProducts(app.db, known)).filter(({ status }) => statuses.includes(status));
}

/** The product at an address. */
export async function readProductBySlug(app: ProductsApp, viewer: Viewer, slug: string): Promise<Product | null> {
  if (!isSearchable(slug)) return null;
  const product = await findProductBySlug(app.db, slug);
  return product && visibleStatuses(viewer).includes(product.status) ? product : null;
}

/** Variants by id, of products that the viewer may see. */
export async function readVariants(app: ProductsApp, viewer: Viewer, ids: readonly string[]): Promise<Variant[]> {
  const known = ids.filter((id) => isId('var', id));
  return known.length === 0 ? [] : findVariants(app.db, known, visibleStatuses(viewer));
}

/** Variants by SKU, of products that the viewer may see. */
export async function readVariantsBySku(app: ProductsApp, viewer: Viewer, skus: readonly string[]): Promise<Variant[]> {
  const known = skus.filter(isSearchable);
  return known.length === 0 ? [] : findVariantsBySku(app.db, known, visibleStatuses(viewer));
}

export type { PriceSpan } from '../data/variants.ts';

/** Where a page of variants begins, for many products at once. */
export interface VariantPage {
  readonly limit: number;
  readonly from: { readonly position: number; readonly id: string } | null;
}

export function readVariantPages(app: ProductsApp, productIds: readonly string[], page: VariantPage): Promise<Variant[]> {
  return findVariantPages(app.db, productIds, page);
}

export function readAttributes(app: ProductsApp, productIds: readonly string[]): Promise<(ProductAttribute & { productId: string })[]> {
  return findAttributes(app.db, productIds);
}

/** Prices that count now, in any of the currencies. */
export function readPrices(app: ProductsApp, variantIds: readonly string[], currencies: readonly string[]): Promise<CurrentPrice[]> {
  return findCurrentPrices(app.db, variantIds, currencies);
}

export function readPriceSpans(app: ProductsApp, productIds: readonly string[], currencies: readonly string[]): Promise<PriceSpan[]> {
  return findPriceSpans(app.db, productIds, currencies);
}

/** Text that Postgres can compare with: anything else names nothing. */
export function isSearchable(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 300 && text.isWellFormed() && !text.includes('\u0000');
}
