import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { type Connection, InputCheck, type PageArguments, type PageRequest, pageRequest, toConnection } from '@app/subgraph';
import {
  countOrders,
  countOrdersOf,
  listOrderIds,
  listOrderIdsOf,
  type OrderCriteria,
  type OrderKey,
  type OrderListing,
} from '../../data/order-list.ts';
import { findOrders, findOrdersByNumber, type OrderRow } from '../../data/order-rows.ts';
import { isGuestToken } from '../../domain/guest-token.ts';
import { normaliseOrderNumber } from '../../domain/order-number.ts';
import type { OrderSort } from '../../domain/statuses.ts';
import type { Deps } from '../deps.ts';
import { maySeeOrder, requireScope } from './order-access.ts';

export type { OrderRow };

/** What a client looks for. */
export type OrderSearch = { readonly [Field in keyof OrderCriteria]?: OrderCriteria[Field] };

/** Orders by id that the principal may see; others are null, as those that are not there. */
export async function readOrders(deps: Deps, principal: Principal, ids: readonly string[]): Promise<(OrderRow | null)[]> {
  const rows = await findOrders(
    deps.db,
    ids.filter((id) => isId('ord', id)),
  );
  return inOrder(ids, rows, principal, ({ id }) => id);
}

/** The same by number, as people write it. */
export async function readOrdersByNumber(deps: Deps, principal: Principal, numbers: readonly string[]): Promise<(OrderRow | null)[]> {
  const wanted = numbers.map(normaliseOrderNumber);
  const rows = await findOrdersByNumber(
    deps.db,
    wanted.filter((number) => number !== ''),
  );
  return inOrder(wanted, rows, principal, ({ number }) => number);
}

function inOrder(
  keys: readonly string[],
  rows: readonly OrderRow[],
  principal: Principal,
  keyOf: (row: OrderRow) => string,
): (OrderRow | null)[] {
  const visible = new Map(rows.filter((row) => maySeeOrder(principal, row)).map((row) => [keyOf(row), row]));
  return keys.map((key) => visible.get(key) ?? null);
}

/** A guest's order by its number and the token of the confirmation mail; null unless both fit. */
export async function readGuestOrder(deps: Deps, number: string, token: string): Promise<OrderRow | null> {
  const normal = normaliseOrderNumber(number);
  const [order] = normal === '' ? [] : await findOrdersByNumber(deps.db, [normal]);
  return order && isGuestToken(token, order.guestTokenHash) ? order : null;
}

/** A page of all orders, for staff. @throws {AppError} FORBIDDEN without orders:read. */
export async function readAllOrders(
  deps: Deps,
  principal: Principal,
  page: PageArguments,
  search: OrderSearch & { sort: OrderSort },
): Promise<Connection<OrderRow>> {
  requireScope(principal, 'orders:read');
  const { listing, request } = listingOf(page, search);
  const rows = await loadInOrder(deps, await listOrderIds(deps.db, listing));
  return toConnection(rows, request, keyOf(listing.sort), () => countOrders(deps.db, listing.criteria));
}

/** What a page of several accounts' orders is asked with; the same for all of them. */
export interface OrdersOfPage {
  readonly page: PageArguments;
  readonly search: OrderSearch;
}

/** A page of orders of each account; null where the principal may not see them. */
export async function readOrdersOf(
  deps: Deps,
  principal: Principal,
  accountIds: readonly string[],
  { page, search }: OrdersOfPage,
): Promise<(Connection<OrderRow> | null)[]> {
  const { listing, request } = listingOf(page, { ...search, sort: 'NEWEST' });
  const visible = accountIds.filter((id) => maySeeOrder(principal, { accountId: id }));
  const found = await listOrderIdsOf(deps.db, visible, listing);
  const rows = new Map(
    (
      await findOrders(
        deps.db,
        found.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const counts = lazy(() => countOrdersOf(deps.db, visible, listing.criteria));
  return accountIds.map((accountId) => {
    if (!visible.includes(accountId)) return null;
    const own = found.filter((row) => row.accountId === accountId).flatMap(({ id }) => rows.get(id) ?? []);
    return toConnection(own, request, keyOf('NEWEST'), async () => (await counts()).get(accountId) ?? 0);
  });
}

async function loadInOrder(deps: Deps, ids: readonly string[]): Promise<OrderRow[]> {
  const rows = new Map((await findOrders(deps.db, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

function listingOf(
  page: PageArguments,
  { sort, ...search }: OrderSearch & { sort: OrderSort },
): { listing: OrderListing; request: PageRequest } {
  const request = pageRequest(page, sort, 2);
  const criteria = checkSearch(search);
  return { request, listing: { criteria, sort, limit: request.limit + 1, from: request.from && keyFrom(sort, request.from) } };
}

function checkSearch(search: OrderSearch): OrderCriteria {
  const check = new InputCheck();
  const query = check.optionalText(search.query, ['filter', 'query'], { max: 200 });
  check.finish();
  const { status = null, paymentStatus = null, fulfillmentStatus = null, placedAfter = null, placedBefore = null } = search;
  return { status, paymentStatus, fulfillmentStatus, placedAfter, placedBefore, query };
}

function keyOf(sort: OrderSort): (row: OrderRow) => [string | number, string] {
  return sort === 'TOTAL_DESC' ? ({ totalMinor, id }) => [totalMinor, id] : ({ placedAt, id }) => [placedAt.toISOString(), id];
}

/** A key that no cursor of ours has leads to the end of the list. */
function keyFrom(sort: OrderSort, [first, id]: readonly (string | number | null)[]): OrderKey {
  const placedAt = new Date(String(first));
  const isTotal = sort === 'TOTAL_DESC';
  return {
    id: String(id),
    totalMinor: isTotal ? Number(first) || 0 : null,
    placedAt: isTotal || Number.isNaN(placedAt.getTime()) ? new Date(0) : placedAt,
  };
}

function lazy<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
