import { AppError } from '@app/errors';
import { PageInfo } from '../types/page-info.type.ts';
import { type CursorKey, decodeCursor, encodeCursor } from './cursor.ts';

/** Most items a page may have. */
export const maxPageSize = 100;

/** Relay paging arguments as a client sends them. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** One page to read: `limit` items from `from` (exclusive) in the order of the list, or against it. */
export interface PageRequest {
  readonly limit: number;
  readonly isBackward: boolean;
  /** Key to start after (before, when backward); null for the end of the list. */
  readonly from: (string | number | null)[] | null;
  readonly sort: string;
}

/**
 * Checks paging arguments.
 * @param sort name of the order, part of its cursors. @param keyLength parts of a cursor key (sort key + id).
 * @throws {AppError} BAD_USER_INPUT when sizes are not 1 to {@link maxPageSize}, both directions are mixed, or the cursor is foreign.
 */
export function pageRequest({ first, after, last, before }: PageArguments, sort: string, keyLength: number): PageRequest {
  const isBackward = last != null || before != null;
  if (isBackward && after != null)
    throw new AppError('BAD_USER_INPUT', 'Page with first and after, or with last and before, not with both.');
  const limit = (isBackward ? last : first) ?? 20;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPageSize) {
    throw new AppError('BAD_USER_INPUT', `${isBackward ? 'last' : 'first'} must be from 1 to ${maxPageSize}.`);
  }
  const cursor = isBackward ? before : after;
  return { limit, isBackward, from: cursor == null ? null : decodeCursor(cursor, sort, keyLength), sort };
}

/** How many items there are on all pages; a function is called only when a client asks. */
export type Total = number | null | (() => Promise<number>);

/** A connection as resolvers return it. `count` is what its field `totalCount` answers. */
export interface Connection<Item> {
  readonly edges: { readonly cursor: string; readonly node: Item }[];
  readonly nodes: Item[];
  readonly pageInfo: PageInfo;
  readonly count?: Total;
}

/**
 * Makes a connection of rows read with `limit + 1`: the extra row says whether there is more.
 * Rows come in reading order; a backward page is turned round here.
 */
export function toConnection<Item>(
  rows: readonly Item[],
  request: PageRequest,
  keyOf: (item: Item) => CursorKey,
  count?: Total,
): Connection<Item> {
  const isMore = rows.length > request.limit;
  const nodes = rows.slice(0, request.limit);
  if (request.isBackward) nodes.reverse();
  const edges = nodes.map((node) => ({ cursor: encodeCursor(request.sort, keyOf(node)), node }));
  const pageInfo = Object.assign(new PageInfo(), {
    hasNextPage: request.isBackward ? request.from !== null : isMore,
    hasPreviousPage: request.isBackward ? isMore : request.from !== null,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  });
  return { edges, nodes, pageInfo, ...(count !== undefined && { count }) };
}
