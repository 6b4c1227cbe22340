import { DAY_MS, plus, SEED_NOW } from '../seed/core/calendar.ts';
import type { TableRows } from '../seed/core/fill-database.ts';
import type { OrderRow, PaymentEventRow, PaymentRow } from '../seed/orders/rows.ts';

/** A payment with the order it is for. */
interface Paid {
  readonly order: OrderRow;
  readonly payment: PaymentRow;
}

/** Payments, their ledger, and the same history in the books of the sandbox provider. */
export function paymentTables(orders: readonly OrderRow[]): TableRows[] {
  const paid = orders.flatMap((order): Paid[] => (order.payment ? [{ order, payment: order.payment }] : []));
  return [
    { table: 'payment', rows: paid.map(paymentRow) },
    { table: 'payment_event', rows: paid.flatMap(eventRows) },
    { table: 'payment_operation', rows: paid.flatMap(operationRows) },
    { table: 'sandbox_charge', rows: paid.map(chargeRow) },
    { table: 'sandbox_movement', rows: paid.flatMap(movementRows) },
  ];
}

function paymentRow({ order, payment }: Paid): Record<string, unknown> {
  const isWaiting = payment.status === 'REQUIRES_ACTION';
  return {
    id: payment.id,
    order_id: order.id,
    attempt: 1,
    provider: 'sandbox',
    provider_ref: chargeRef(payment),
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
    provider_ref: event.kind.endsWith('_REQUESTED') ? operationKey(order, index) : (event.providerRef ?? chargeRef(payment)),
    at: event.at,
  }));
}

/** The provider's reason: refused at once, or never confirmed by the customer. */
function declineCode({ failureReason }: OrderRow): string | null {
  if (failureReason === 'PAYMENT_DECLINED') return 'card_declined';
  return failureReason === 'PAYMENT_TIMEOUT' ? 'authentication_expired' : null;
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
        status:
          answer?.kind === 'AUTHORIZE_FAILED' || payment.status === 'FAILED'
            ? 'FAILED'
            : answer?.kind === 'ACTION_REQUIRED'
              ? 'REQUIRES_ACTION'
              : 'SUCCEEDED',
        amount_minor: event.amount,
        detail: {},
        created_at: event.at,
        checked_at: answer?.at ?? event.at,
      },
    ];
  });
}

function chargeRow({ order, payment }: Paid): Record<string, unknown> {
  const isDeclined = payment.status === 'FAILED';
  return {
    ref: chargeRef(payment),
    authorize_key: operationKey(order, 0),
    token: isDeclined ? 'tok_declined' : 'tok_visa',
    currency: order.currency,
    state: isDeclined
      ? 'DECLINED'
      : payment.status === 'VOIDED'
        ? 'VOIDED'
        : payment.status === 'REQUIRES_ACTION'
          ? 'REQUIRES_ACTION'
          : 'AUTHORIZED',
    decline_code: declineCode(order),
    authorized_minor: payment.amount,
    captured_minor: payment.captured,
    refunded_minor: payment.refunded,
    created_at: payment.createdAt,
  };
}

function movementRows({ order, payment }: Paid): Record<string, unknown>[] {
  return payment.events.flatMap((event, index) => {
    const kind = movementKind(event);
    if (!kind) return [];
    return [
      {
        key: operationKey(order, index - 1),
        ref: chargeRef(payment),
        kind,
        amount_minor: event.amount,
        movement_ref: event.providerRef ?? event.id,
      },
    ];
  });
}

function movementKind({ kind }: PaymentEventRow): 'CAPTURE' | 'REFUND' | null {
  if (kind === 'CAPTURED') return 'CAPTURE';
  return kind === 'REFUNDED' ? 'REFUND' : null;
}

/** The key a call was made under: the position of the request in the ledger makes it its own. */
function operationKey(order: OrderRow, index: number): string {
  return `seed:${order.id}:${index}`;
}

function chargeRef(payment: PaymentRow): string {
  return `sbx_${payment.id.slice(-24)}`;
}
