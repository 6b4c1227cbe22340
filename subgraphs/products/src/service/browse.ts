import { AppError } from '@app/errors';
import { type Connection, type PageArguments, type PageRequest, pageRequest, toConnection } from '@app/subgraph';
import { countCollection, countProducts, listCollections, listProducts } from '../data/product-list.ts';
import { listTag } from '../domain/cache-tags.ts';
import { factsOf } from '../domain/list-facts.ts';
import type { Product } from '../domain/product.ts';
import { filterProblem, type ProductFilterFacts, toCriteria } from '../domain/product-filter.ts';
import type { Page, Placed, ProductCriteria, ProductSort } from '../domain/product-list.ts';
import { visibleStatuses } from './access.ts';
import type { ProductsApp, Viewer } from './ports.ts';

/** What is asked of a list. */
export interface ListRequest<Sort extends string> {
  readonly page: PageArguments;
  readonly filter?: ProductFilterFacts | null;
  readonly sort: Sort;
}

/** Parts of a cursor's key by order. */
const keyLengths: Readonly<Record<ProductSort | 'RELEVANCE', number>> = {
  NEWEST: 2,
  PRICE_ASC: 2,
  PRICE_DESC: 2,
  TITLE_ASC: 2,
  RATING_DESC: 3,
  BEST_SELLING: 2,
  RELEVANCE: 2,
};

/** A page of products that says what it was chosen by. */
export interface ProductList extends Connection<Product> {
  /** Tags of what it depends on besides the products that it shows. */
  readonly dependsOn: readonly string[];
}

/** A page of the catalogue. @throws {AppError} BAD_USER_INPUT on a wrong page or filter. */
export async function browse(app: ProductsApp, viewer: Viewer, request: ListRequest<ProductSort>): Promise<ProductList> {
  const criteria = criteriaFor(app, viewer, request.filter ?? {});
  const { asked, page } = readPage(request.page, request.sort, criteria);
  const rows = await listProducts(app.db, criteria, request.sort, page);
  const dependsOn = factsOf(criteria, request.sort).map(listTag);
  return { ...placedConnection(rows, asked, () => countProducts(app.db, criteria)), dependsOn };
}

/** Pages of several collections, with the same arguments. */
export async function browseCollections(
  app: ProductsApp,
  viewer: Viewer,
  collectionIds: readonly string[],
  args: PageArguments,
): Promise<Map<string, Connection<Product>>> {
  const asked = pageRequest(args, 'COLLECTION', 2);
  const statuses = visibleStatuses(viewer).filter((status) => status === 'ACTIVE');
  const rows = await listCollections(app.db, collectionIds, statuses, {
    ...asked,
    limit: asked.limit + 1,
    from: checkedKey(asked, 'COLLECTION'),
  });
  return new Map(
    collectionIds.map((id) => [
      id,
      placedConnection(
        rows.filter(({ collectionId }) => collectionId === id),
        asked,
        () => countCollection(app.db, id, statuses),
      ),
    ]),
  );
}

/** The criteria of a filter. @throws {AppError} BAD_USER_INPUT naming what is wrong with it. */
export function criteriaFor(app: ProductsApp, viewer: Viewer, filter: ProductFilterFacts): ProductCriteria {
  const problem = filterProblem(filter);
  if (problem !== null) throw new AppError('BAD_USER_INPUT', problem);
  return toCriteria(filter, { visible: visibleStatuses(viewer), defaultCurrency: app.defaultCurrency });
}

/** Checks a page; cursors of prices belong to a currency. */
export function readPage(
  args: PageArguments,
  sort: ProductSort | 'RELEVANCE',
  { sortCurrency }: ProductCriteria,
): { asked: PageRequest; page: Page } {
  const name = sort.startsWith('PRICE') ? `${sort}:${sortCurrency}` : sort;
  const asked = pageRequest(args, name, keyLengths[sort]);
  return { asked, page: { limit: asked.limit + 1, isBackward: asked.isBackward, from: checkedKey(asked, sort) } };
}

/** A cursor can be forged: its parts must be what the order's columns hold, or Postgres would refuse them. */
function checkedKey({ from }: PageRequest, sort: string): PageRequest['from'] {
  if (from === null) return null;
  const [first, ...rest] = from;
  const isFirst = firstPart[sort] ?? isInt;
  const isRest = rest.every((part, index) => (index < rest.length - 1 ? isInt(part) : typeof part === 'string'));
  if (!isFirst(first) || !isRest) throw new AppError('BAD_USER_INPUT', 'This cursor is not one of this list.');
  return from;
}

const isInt = (value: unknown): boolean => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{8,15}(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

/** What the first part of a key is, where it is not a four-byte integer. */
const firstPart: Readonly<Record<string, (value: unknown) => boolean>> = {
  NEWEST: isInstant,
  TITLE_ASC: (value) => typeof value === 'string',
  RATING_DESC: (value) => typeof value === 'number' && Math.abs(value) < 1e6,
  PRICE_ASC: Number.isSafeInteger,
  PRICE_DESC: Number.isSafeInteger,
};

/** A connection over rows that carry their keys. */
export function placedConnection(rows: readonly Placed<Product>[], asked: PageRequest, count: () => Promise<number>): Connection<Product> {
  const keys = new Map(rows.map(({ item, key }) => [item, key]));
  return toConnection(
    rows.map(({ item }) => item),
    asked,
    (item) => keys.get(item) ?? [],
    count,
  );
}
