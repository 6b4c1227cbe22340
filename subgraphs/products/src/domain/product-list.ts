import type { ProductStatus } from './product.ts';

/** Orders of the catalogue's lists. */
export const productSorts = ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'TITLE_ASC', 'RATING_DESC', 'BEST_SELLING'] as const;
export type ProductSort = (typeof productSorts)[number];

/** Orders of search results. */
export const searchSorts = ['RELEVANCE', 'NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'RATING_DESC'] as const;
export type SearchSort = (typeof searchSorts)[number];

/** What a list is narrowed by; everything given must hold. */
export interface ProductCriteria {
  /** Any of these. */
  readonly statuses: readonly ProductStatus[];
  /** In any of these categories or below them. */
  readonly categoryIds: readonly string[] | null;
  readonly collectionIds: readonly string[] | null;
  readonly brands: readonly string[] | null;
  /** Some variant costs between these, in minor units. */
  readonly price: { readonly minMinor: number | null; readonly maxMinor: number | null; readonly currency: string } | null;
  readonly inStock: boolean | null;
  readonly minRating: number | null;
  /** Each of these attributes has any of its values. */
  readonly attributes: readonly { readonly key: string; readonly anyOf: readonly string[] }[];
  /** Currency whose prices sort the list. */
  readonly sortCurrency: string;
}

/** One page of a list: up to `limit` items beyond `from`, in the order of the list or against it. */
export interface Page {
  readonly limit: number;
  readonly isBackward: boolean;
  readonly from: readonly (string | number | null)[] | null;
}

/** An item with its place in the list. */
export interface Placed<Item> {
  readonly item: Item;
  readonly key: readonly (string | number | null)[];
}

/** Totals beyond this are not counted further. */
export const maxCounted = 10_000;
