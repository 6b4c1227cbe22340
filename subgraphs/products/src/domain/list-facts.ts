import type { ProductCriteria, ProductSort, SearchSort } from './product-list.ts';

/**
 * What lists choose and order products by, besides which of them are there to be seen. A list changes with these facts of any product, and
 * with everything about those that it shows.
 */
export type ListFact = 'title' | 'text' | 'brand' | 'category' | 'collection' | 'price' | 'stock' | 'rating' | 'attribute';

/** What the facets of a search count. */
export const facetFacts: readonly ListFact[] = ['category', 'brand', 'rating', 'stock', 'attribute'];

/** What a list looks at. Sales are left out: every sale would change all lists of bestsellers. */
export function factsOf(criteria: ProductCriteria, sort: ProductSort | SearchSort): ListFact[] {
  const { categoryIds, collectionIds, brands, price, inStock, minRating, attributes } = criteria;
  const looksAt: readonly (readonly [ListFact, boolean])[] = [
    ['title', sort === 'TITLE_ASC'],
    ['brand', brands !== null],
    ['category', categoryIds !== null],
    ['collection', collectionIds !== null],
    ['price', price !== null || sort === 'PRICE_ASC' || sort === 'PRICE_DESC'],
    ['stock', inStock !== null],
    ['rating', minRating !== null || sort === 'RATING_DESC'],
    ['attribute', attributes.length > 0],
  ];
  return looksAt.flatMap(([fact, does]) => (does ? [fact] : []));
}
