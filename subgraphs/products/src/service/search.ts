import { AppError } from '@app/errors';
import { countFacets, type FacetCount } from '../data/facets.ts';
import { countMatches, matchFor, searchProducts, type TextMatch } from '../data/product-search.ts';
import { listTag, wordTag } from '../domain/cache-tags.ts';
import { type Facet, facetsOf } from '../domain/facets.ts';
import { facetFacts, factsOf } from '../domain/list-facts.ts';
import type { ProductCriteria, SearchSort } from '../domain/product-list.ts';
import { criteriaFor, type ListRequest, type ProductList, placedConnection, readPage } from './browse.ts';
import type { ProductsApp, Viewer } from './ports.ts';

/** A page of results; facets are counted only when asked for. */
export interface SearchResult extends ProductList {
  readonly facetCounts: () => Promise<Facet[]>;
}

/** What people type; more is not a search. */
const maxQueryLength = 200;

/**
 * Looks for products by text: by words and their forms first; when no product has the words, by titles that look alike.
 * @throws {AppError} BAD_USER_INPUT on an empty or too long text, a wrong page or filter.
 */
export async function search(
  app: ProductsApp,
  viewer: Viewer,
  { text, ...request }: ListRequest<SearchSort> & { readonly text: string },
): Promise<SearchResult> {
  const query = checkedText(text);
  const criteria = criteriaFor(app, viewer, request.filter ?? {});
  const { asked, page } = readPage(request.page, request.sort, criteria);
  const match = await matchFor(app.db, query, criteria);
  const rows = await searchProducts(app.db, match, { criteria, sort: request.sort, page });
  const connection = placedConnection(rows, asked, () => countMatches(app.db, match, criteria));
  return {
    ...connection,
    facetCounts: async () => facetsOf(await countFacets(app.db, match, criteria), chosenIn(criteria)),
    dependsOn: [...textTags(match), ...new Set([...factsOf(criteria, request.sort), ...facetFacts].map(listTag))],
  };
}

/** The words that were looked for; of titles that look alike, all texts. */
function textTags({ words }: TextMatch): string[] {
  return words === undefined ? [listTag('text')] : words.map(wordTag);
}

function checkedText(text: string): string {
  const query = text.normalize('NFC').trim();
  if (query === '' || query.length > maxQueryLength || query.includes('\u0000') || !query.isWellFormed()) {
    throw new AppError('BAD_USER_INPUT', `query must have 1 to ${maxQueryLength} characters, none of them U+0000.`);
  }
  return query;
}

/** Values that the filter chose, by facet. */
function chosenIn({
  categoryIds,
  brands,
  minRating,
  inStock,
  attributes,
}: ProductCriteria): ReadonlyMap<FacetCount['filter'], readonly string[]> {
  return new Map<string, readonly string[]>([
    ['category', categoryIds ?? []],
    ['brand', brands ?? []],
    ['rating', minRating === null ? [] : [String(minRating)]],
    ['stock', inStock === null ? [] : [String(inStock)]],
    ...attributes.map(({ key, anyOf }) => [`attribute:${key}`, anyOf] as const),
  ]);
}
