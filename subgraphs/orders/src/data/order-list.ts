import type { FulfillmentStatus, OrderSort, OrderStatus, PaymentStatus } from '../domain/statuses.ts';
import { Prisma } from './client/client.ts';
import type { Queryable } from './database.ts';

/** What a list of orders may be narrowed by; null: not narrowed. */
export interface OrderCriteria {
  readonly status: readonly OrderStatus[] | null;
  readonly paymentStatus: readonly PaymentStatus[] | null;
  readonly fulfillmentStatus: readonly FulfillmentStatus[] | null;
  readonly placedAfter: Date | null;
  readonly placedBefore: Date | null;
  /** Start of a number or an e-mail address. */
  readonly query: string | null;
}

/** A key to go on after: when it was placed or its total, and the id. */
export interface OrderKey {
  readonly placedAt: Date | null;
  readonly totalMinor: number | null;
  readonly id: string;
}

/** Which orders, in which order, from where. */
export interface OrderListing {
  readonly criteria: OrderCriteria;
  readonly sort: OrderSort;
  readonly limit: number;
  readonly from: OrderKey | null;
}

/** Ids of orders of everybody, in order. */
export async function listOrderIds(db: Queryable, { criteria, sort, limit, from }: OrderListing): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM orders WHERE ${matches(criteria)} AND ${after(sort, from)} ORDER BY ${orderBy(sort)} LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** Ids of orders of several accounts, each with its own page, in one statement. */
export async function listOrderIdsOf(
  db: Queryable,
  accountIds: readonly string[],
  { criteria, sort, limit, from }: OrderListing,
): Promise<{ id: string; accountId: string }[]> {
  return db.$queryRaw<{ id: string; accountId: string }[]>`
    SELECT page.id, account.id AS "accountId"
    FROM unnest(${[...accountIds]}::text[]) AS account(id)
    CROSS JOIN LATERAL (
      SELECT id FROM orders WHERE account_id = account.id AND ${matches(criteria)} AND ${after(sort, from)}
      ORDER BY ${orderBy(sort)} LIMIT ${limit}
    ) AS page`;
}

export async function countOrders(db: Queryable, criteria: OrderCriteria): Promise<number> {
  const [row] = await db.$queryRaw<{ count: bigint }[]>`SELECT count(*) AS count FROM orders WHERE ${matches(criteria)}`;
  return Number(row?.count ?? 0);
}

/** How many orders each account has; those without any are left out. */
export async function countOrdersOf(
  db: Queryable,
  accountIds: readonly string[],
  criteria: OrderCriteria,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ accountId: string; count: bigint }[]>`
    SELECT account_id AS "accountId", count(*) AS count FROM orders
    WHERE account_id = ANY(${[...accountIds]}::text[]) AND ${matches(criteria)} GROUP BY account_id`;
  return new Map(rows.map(({ accountId, count }) => [accountId, Number(count)]));
}

function matches({ status, paymentStatus, fulfillmentStatus, placedAfter, placedBefore, query }: OrderCriteria): Prisma.Sql {
  const parts = [Prisma.sql`TRUE`];
  if (status !== null) parts.push(Prisma.sql`status::text = ANY(${[...status]}::text[])`);
  if (paymentStatus !== null) parts.push(Prisma.sql`payment_status::text = ANY(${[...paymentStatus]}::text[])`);
  if (fulfillmentStatus !== null) parts.push(Prisma.sql`fulfillment_status::text = ANY(${[...fulfillmentStatus]}::text[])`);
  if (placedAfter !== null) parts.push(Prisma.sql`placed_at >= ${placedAfter}`);
  if (placedBefore !== null) parts.push(Prisma.sql`placed_at < ${placedBefore}`);
  if (query !== null) parts.push(Prisma.sql`(starts_with(number, upper(${query})) OR starts_with(lower(email), lower(${query})))`);
  return Prisma.join(parts, ' AND ');
}

function orderBy(sort: OrderSort): Prisma.Sql {
  if (sort === 'OLDEST') return Prisma.sql`placed_at, id`;
  return sort === 'NEWEST' ? Prisma.sql`placed_at DESC, id DESC` : Prisma.sql`total_minor DESC, id DESC`;
}

function after(sort: OrderSort, from: OrderKey | null): Prisma.Sql {
  if (from === null) return Prisma.sql`TRUE`;
  if (sort === 'OLDEST') return Prisma.sql`(placed_at, id) > (${from.placedAt}, ${from.id})`;
  return sort === 'NEWEST'
    ? Prisma.sql`(placed_at, id) < (${from.placedAt}, ${from.id})`
    : Prisma.sql`(total_minor, id) < (${from.totalMinor}, ${from.id})`;
}
