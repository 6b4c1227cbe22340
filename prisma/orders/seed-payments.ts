import { DAY_MS, plus, SEED_NOW } from '../seed/core/calendar.ts';
import type { TableRows } from '../seed/core/fill-database.ts';
import { chargeRef, declineCode, operationKey, operationStatus, type Paid, paidOf, paymentRef } from '../seed/orders/payment-refs.ts';
import type { OrderRow } from '../seed/orders/rows.ts';

/** Payments and their ledger, as orders keeps them. */
export function paymentTables(orders: readonly OrderRow[]): TableRows[] {
  const paid = paidOf(orders);
  return [
    { table: 'payment', rows: paid.map(paymentRow) },
    { table: 'payment_event', rows: paid.flatMap(eventRows) },
    { table: 'payment_operation', rows: paid.flatMap(operationRows) },
  ];
}

function paymentRow({ order, payment }: Paid): Record<string, unknown> {
  const isWaiting = payment.status === 'REQUIRES_ACTION';
  return {
    id: payment.id,
    order_id: order.id,
    attempt: 1,
    provider: 'payments',
    provider_ref: paymentRef(payment),
    status: payment.status,
    currency: order.currency,
    amount_minor: payment.amount,
    authorized_minor: payment.authorized,
    captured_minor: payment.captured,
    capture_pending_minor: 0,
    refunded_minor: payment.refunded,
    refund_pending_minor: 0,
    voided_at: payment.events.find(({ kind }) => kind === 'VOIDED')?.at ?? null,
    decline_code: declineCode(order),
    next_action_url: isWaiting ? `https://sandbox.example.com/confirm/${chargeRef(payment)}` : null,
    // The demo stands still at SEED_NOW, so its unpaid orders stay payable for longer than real ones.
    next_action_expires_at: isWaiting ? plus(SEED_NOW, 365 * DAY_MS) : null,
    created_at: payment.createdAt,
  };
}

function eventRows({ order, payment }: Paid): Record<string, unknown>[] {
  return payment.events.map((event, index) => ({
    id: event.id,
    payment_id: payment.id,
    kind: event.kind,
    amount_minor: event.amount,
    provider_ref: event.kind.endsWith('_REQUESTED') ? operationKey(order, index) : (event.providerRef ?? paymentRef(payment)),
    at: event.at,
  }));
}

/** Every request of the ledger as the settled call it was. */
function operationRows({ order, payment }: Paid): Record<string, unknown>[] {
  return payment.events.flatMap((event, index) => {
    if (!event.kind.endsWith('_REQUESTED')) return [];
    const answer = payment.events[index + 1];
    return [
      {
        key: operationKey(order, index),
        payment_id: payment.id,
        kind: event.kind.replace('_REQUESTED', ''),
        status: operationStatus({ order, payment }, index),
        amount_minor: event.amount,
        detail: {},
        created_at: event.at,
        checked_at: answer?.at ?? event.at,
      },
    ];
  });
}
