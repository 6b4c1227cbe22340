import type { PaymentEventKind } from '../domain/statuses.ts';
import type { Prisma } from './client/client.ts';
import { minor, type Queryable } from './database.ts';

/** Reads of what hangs on several orders, each in one statement. */

export type FulfillmentRow = Prisma.FulfillmentGetPayload<{ include: { lines: true } }>;
export type ReturnRow = Prisma.ReturnGetPayload<{ include: { lines: true } }>;
export type EntryRow = Prisma.OrderEntryGetPayload<object>;

/** An entry of the payment ledger. */
export interface PaymentEventRow {
  readonly id: string;
  readonly paymentId: string;
  readonly kind: PaymentEventKind;
  readonly amountMinor: number;
  readonly providerRef: string;
  readonly at: Date;
}

/** Shipments of orders, oldest first. */
export function findFulfillments(db: Queryable, orderIds: readonly string[]): Promise<FulfillmentRow[]> {
  return db.fulfillment.findMany({
    where: { orderId: { in: [...orderIds] } },
    include: { lines: { orderBy: { orderLineId: 'asc' } } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/** Returns of orders, oldest first. */
export function findReturns(db: Queryable, orderIds: readonly string[]): Promise<ReturnRow[]> {
  return db.return.findMany({
    where: { orderId: { in: [...orderIds] } },
    include: { lines: { orderBy: { orderLineId: 'asc' } } },
    orderBy: [{ requestedAt: 'asc' }, { id: 'asc' }],
  });
}

/** Ledger entries of payments, oldest first. */
export async function findPaymentEvents(db: Queryable, paymentIds: readonly string[]): Promise<PaymentEventRow[]> {
  const rows = await db.paymentEvent.findMany({ where: { paymentId: { in: [...paymentIds] } }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  return rows.map((row) => ({ ...row, amountMinor: minor(row.amountMinor) }));
}

/** A page of history of each order, oldest first, in one statement. */
export function findEntries(
  db: Queryable,
  orderIds: readonly string[],
  page: { limit: number; from: { at: Date; id: string } | null },
): Promise<EntryRow[]> {
  const { limit, from } = page;
  return db.$queryRaw<EntryRow[]>`
    SELECT entry.id, entry.order_id AS "orderId", entry.kind, entry.message, entry.actor, entry.at
    FROM unnest(${[...orderIds]}::text[]) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM order_entry
      WHERE order_id = wanted.id AND (${from === null} OR (at, id) > (${from?.at ?? new Date(0)}, ${from?.id ?? ''}))
      ORDER BY at, id LIMIT ${limit}
    ) AS entry`;
}
