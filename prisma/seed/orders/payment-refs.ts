import type { OrderRow, PaymentRow } from './rows.ts';

/** A payment with the order it is for. */
export interface Paid {
  readonly order: OrderRow;
  readonly payment: PaymentRow;
}

/** Every payment of these orders. */
export function paidOf(orders: readonly OrderRow[]): Paid[] {
  return orders.flatMap((order): Paid[] => (order.payment ? [{ order, payment: order.payment }] : []));
}

/** The reference under which the payments service knows a payment of an order. */
export function paymentRef({ id }: PaymentRow): string {
  return id.replace(/^pay_/, 'pmt_');
}

/** The reference of the sandbox provider. */
export function chargeRef({ id }: PaymentRow): string {
  return `sbx_${id.slice(-24)}`;
}

/** The key a call was made under: the position of the request in the ledger makes it its own. */
export function operationKey({ id }: OrderRow, index: number): string {
  return `seed:${id}:${index}`;
}

/** How a call ended that stands at this position of the ledger. */
export function operationStatus({ payment }: Paid, index: number): 'FAILED' | 'REQUIRES_ACTION' | 'SUCCEEDED' {
  const answer = payment.events[index + 1];
  if (answer?.kind === 'AUTHORIZE_FAILED' || payment.status === 'FAILED') return 'FAILED';
  return answer?.kind === 'ACTION_REQUIRED' ? 'REQUIRES_ACTION' : 'SUCCEEDED';
}

/** The provider's reason: refused at once, or never confirmed by the customer. */
export function declineCode({ failureReason }: OrderRow): string | null {
  if (failureReason === 'PAYMENT_DECLINED') return 'card_declined';
  return failureReason === 'PAYMENT_TIMEOUT' ? 'authentication_expired' : null;
}
