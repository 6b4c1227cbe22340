import { fillDatabase, type SeedOptions, type SeedResult, type TableRows } from '../seed/core/fill-database.ts';
import { chargeRef, declineCode, operationKey, operationStatus, type Paid, paidOf, paymentRef } from '../seed/orders/payment-refs.ts';
import type { Town } from '../seed/world.ts';

/** Fills the payments database: the payments of a year of orders, and the same history in the books of the sandbox. */
export function seed(options: SeedOptions): Promise<SeedResult> {
  return fillDatabase(options, { marker: (town) => ({ table: 'payment', id: firstOf(town) }), rowsOf: tablesOf });
}

function firstOf(town: Town): string {
  const [first] = paidOf(town.orders());
  return first === undefined ? '' : paymentRef(first.payment);
}

function tablesOf(town: Town): TableRows[] {
  const paid = paidOf(town.orders());
  return [
    { table: 'payment', rows: paid.map(paymentRow) },
    { table: 'operation', rows: paid.flatMap(operationRows) },
    { table: 'ledger_entry', rows: paid.flatMap(ledgerRows) },
    { table: 'sandbox_charge', rows: paid.map(chargeRow) },
    { table: 'sandbox_movement', rows: paid.flatMap(movementRows) },
  ];
}

const states = { FAILED: 'DECLINED', VOIDED: 'VOIDED', REQUIRES_ACTION: 'REQUIRES_ACTION' } as const;

function stateOf({ payment }: Paid): string {
  return Object.hasOwn(states, payment.status) ? states[payment.status as keyof typeof states] : 'AUTHORIZED';
}

function paymentRow(paid: Paid): Record<string, unknown> {
  const { order, payment } = paid;
  const isWaiting = payment.status === 'REQUIRES_ACTION';
  return {
    id: paymentRef(payment),
    authorize_key: operationKey(order, 0),
    provider: 'sandbox',
    provider_ref: chargeRef(payment),
    status: stateOf(paid),
    currency: order.currency,
    amount_minor: payment.amount,
    authorized_minor: payment.authorized,
    captured_minor: payment.captured,
    refunded_minor: payment.refunded,
    decline_code: declineCode(order),
    is_retryable: false,
    next_action_url: isWaiting ? `https://sandbox.example.com/confirm/${chargeRef(payment)}` : null,
    created_at: payment.createdAt,
    updated_at: payment.createdAt,
  };
}

function operationRows(paid: Paid): Record<string, unknown>[] {
  const { order, payment } = paid;
  return payment.events.flatMap((event, index) => {
    if (!event.kind.endsWith('_REQUESTED')) return [];
    return [
      {
        key: operationKey(order, index),
        payment_id: paymentRef(payment),
        kind: event.kind.replace('_REQUESTED', ''),
        status: operationStatus(paid, index),
        amount_minor: event.amount,
        ref: payment.events[index + 1]?.providerRef ?? chargeRef(payment),
        failure_code: null,
        created_at: event.at,
        checked_at: event.at,
      },
    ];
  });
}

const kinds = {
  AUTHORIZED: 'AUTHORIZED',
  AUTHORIZE_FAILED: 'DECLINED',
  CAPTURED: 'CAPTURED',
  REFUNDED: 'REFUNDED',
  VOIDED: 'VOIDED',
} as const;

function ledgerRows({ order, payment }: Paid): Record<string, unknown>[] {
  return payment.events.flatMap((event, index) => {
    if (!Object.hasOwn(kinds, event.kind)) return [];
    const kind = kinds[event.kind as keyof typeof kinds];
    const isDecision = kind === 'AUTHORIZED' || kind === 'DECLINED';
    return [
      {
        id: event.id.replace(/^[a-z]+_/, 'led_'),
        payment_id: paymentRef(payment),
        kind,
        key: operationKey(order, isDecision ? 0 : index - 1),
        amount_minor: event.amount,
        ref: event.providerRef ?? chargeRef(payment),
        at: event.at,
      },
    ];
  });
}

function chargeRow(paid: Paid): Record<string, unknown> {
  const { order, payment } = paid;
  const state = stateOf(paid);
  return {
    ref: chargeRef(payment),
    authorize_key: operationKey(order, 0),
    token: state === 'DECLINED' ? 'tok_declined' : 'tok_visa',
    currency: order.currency,
    return_url: '',
    state,
    decline_code: declineCode(order),
    authorized_minor: payment.amount,
    captured_minor: payment.captured,
    refunded_minor: payment.refunded,
    created_at: payment.createdAt,
  };
}

function movementRows({ order, payment }: Paid): Record<string, unknown>[] {
  return payment.events.flatMap((event, index) => {
    if (event.kind !== 'CAPTURED' && event.kind !== 'REFUNDED') return [];
    return [
      {
        key: operationKey(order, index - 1),
        ref: chargeRef(payment),
        kind: event.kind === 'CAPTURED' ? 'CAPTURE' : 'REFUND',
        amount_minor: event.amount,
        movement_ref: event.providerRef ?? event.id,
      },
    ];
  });
}
