import { type ProductStatus, productStatuses } from './product.ts';
import type { ProductCriteria } from './product-list.ts';

/** A filter as clients send it; null and left out are the same. */
export interface ProductFilterFacts {
  readonly categoryIds?: readonly string[] | null;
  readonly collectionIds?: readonly string[] | null;
  readonly brands?: readonly string[] | null;
  readonly price?: { readonly minMinor?: number | null; readonly maxMinor?: number | null; readonly currency: string } | null;
  readonly inStock?: boolean | null;
  readonly minRating?: number | null;
  readonly attributes?: readonly { readonly key: string; readonly anyOf: readonly string[] }[] | null;
  readonly status?: readonly ProductStatus[] | null;
}

/** What is wrong with a filter, or null. Lists are bounded so that no one asks for a million comparisons. */
export function filterProblem(filter: ProductFilterFacts): string | null {
  const lists = [
    filter.categoryIds,
    filter.collectionIds,
    filter.brands,
    filter.attributes,
    ...(filter.attributes ?? []).map(({ anyOf }) => anyOf),
  ];
  if (lists.some((list) => (list?.length ?? 0) > 50)) return 'A list in filter may have at most 50 items.';
  const texts = [
    ...(filter.categoryIds ?? []),
    ...(filter.collectionIds ?? []),
    ...(filter.brands ?? []),
    ...(filter.attributes ?? []).flatMap(({ key, anyOf }) => [key, ...anyOf]),
  ];
  if (texts.some((text) => text.length > 200 || text.includes('\u0000') || !text.isWellFormed())) {
    return 'A text in filter may have at most 200 characters, none of them U+0000.';
  }
  const keys = (filter.attributes ?? []).map(({ key }) => key);
  if (new Set(keys).size < keys.length) return 'filter.attributes may name each key once: put all values into its anyOf.';
  const { minRating } = filter;
  return minRating != null && !(minRating >= 0 && minRating <= 5) ? 'filter.minRating must be from 0 to 5.' : null;
}

/** What a list is narrowed by. Asking for statuses that the viewer does not see gives the ones among them that it sees. */
export function toCriteria(
  filter: ProductFilterFacts,
  { visible, defaultCurrency }: { visible: readonly ProductStatus[]; defaultCurrency: string },
): ProductCriteria {
  const { price } = filter;
  const asked = filter.status ?? (['ACTIVE'] as const);
  return {
    statuses: productStatuses.filter((status) => visible.includes(status) && asked.includes(status)),
    categoryIds: filter.categoryIds ?? null,
    collectionIds: filter.collectionIds ?? null,
    brands: filter.brands ?? null,
    price: price ? { currency: price.currency, minMinor: price.minMinor ?? null, maxMinor: price.maxMinor ?? null } : null,
    inStock: filter.inStock ?? null,
    minRating: filter.minRating ?? null,
    attributes: filter.attributes ?? [],
    sortCurrency: price?.currency ?? defaultCurrency,
  };
}
