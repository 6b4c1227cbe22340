import type { Connection, PageArguments } from '@app/subgraph';
import { pageRequest, toConnection } from '@app/subgraph';
import {
  type EntryRow,
  type FulfillmentRow,
  findEntries,
  findFulfillments,
  findPaymentEvents,
  findReturns,
  type PaymentEventRow,
  type ReturnRow,
} from '../../data/order-parts.ts';
import { findOrderLines, type OrderLineRow } from '../../data/order-rows.ts';
import { findPayments, type PaymentRow } from '../../data/payment-rows.ts';
import type { Deps } from '../deps.ts';

export type { EntryRow, FulfillmentRow, OrderLineRow, PaymentEventRow, PaymentRow, ReturnRow };

/* Parts of several orders at once, one statement each. Whoever has an order may have its parts: rules stand at the order. */

export async function readLinesOf(deps: Deps, orderIds: readonly string[]): Promise<OrderLineRow[][]> {
  return byKey(orderIds, await findOrderLines(deps.db, orderIds), ({ orderId }) => orderId);
}

export async function readPaymentsOf(deps: Deps, orderIds: readonly string[]): Promise<PaymentRow[][]> {
  return byKey(orderIds, await findPayments(deps.db, orderIds), ({ orderId }) => orderId);
}

export async function readEventsOf(deps: Deps, paymentIds: readonly string[]): Promise<PaymentEventRow[][]> {
  return byKey(paymentIds, await findPaymentEvents(deps.db, paymentIds), ({ paymentId }) => paymentId);
}

export async function readFulfillmentsOf(deps: Deps, orderIds: readonly string[]): Promise<FulfillmentRow[][]> {
  return byKey(orderIds, await findFulfillments(deps.db, orderIds), ({ orderId }) => orderId);
}

export async function readReturnsOf(deps: Deps, orderIds: readonly string[]): Promise<ReturnRow[][]> {
  return byKey(orderIds, await findReturns(deps.db, orderIds), ({ orderId }) => orderId);
}

/** A page of history of each order, oldest first. */
export async function readHistoryOf(deps: Deps, orderIds: readonly string[], page: PageArguments): Promise<Connection<EntryRow>[]> {
  const request = pageRequest(page, 'HISTORY', 2);
  const at = request.from && new Date(String(request.from[0]));
  const from = at && request.from ? { at: Number.isNaN(at.getTime()) ? new Date(0) : at, id: String(request.from[1]) } : null;
  const entries = await findEntries(deps.db, orderIds, { limit: request.limit + 1, from });
  return byKey(orderIds, entries, ({ orderId }) => orderId).map((own) =>
    toConnection(own, request, (entry) => [entry.at.toISOString(), entry.id]),
  );
}

function byKey<Row>(keys: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = Map.groupBy(rows, keyOf);
  return keys.map((key) => groups.get(key) ?? []);
}
