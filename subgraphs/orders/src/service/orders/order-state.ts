import type { FulfillmentRow } from '../../data/order-parts.ts';
import type { OrderLineRow, OrderRow } from '../../data/order-rows.ts';
import type { PaymentRow } from '../../data/payment-rows.ts';
import { amountDue } from '../../domain/amount-due.ts';
import type { OrderState } from '../../domain/available-actions.ts';

/** Rows that an order's state is derived from. */
export interface OrderFacts {
  readonly lines: readonly OrderLineRow[];
  readonly payments: readonly PaymentRow[];
  readonly fulfillments: readonly FulfillmentRow[];
}

/** What an order's actions depend on, from its rows. */
export function orderState(order: OrderRow, { lines, payments, fulfillments }: OrderFacts): OrderState {
  const arrived = fulfillments.filter(({ status }) => status === 'DELIVERED').flatMap((shipment) => shipment.lines);
  return {
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfillmentStatus: order.fulfillmentStatus,
    sendableQuantity: sum(lines, unsentOf),
    isBeingPrepared: fulfillments.some(({ status }) => status === 'PENDING'),
    returnableQuantity: sum(arrived, ({ quantity }) => quantity) - sum(lines, ({ returningQuantity }) => returningQuantity),
    capturableMinor: sum(payments, (payment) => capturableOf(payment, amountDue(order, lines))),
    refundableMinor: sum(payments, refundableOf),
  };
}

/** Pieces of a line that are in no shipment and were not called off. */
export function unsentOf({ quantity, fulfilledQuantity, cancelledQuantity }: OrderLineRow): number {
  return quantity - fulfilledQuantity - cancelledQuantity;
}

/** What may still be taken of a payment: what it holds, but not more than the order costs by now. */
export function capturableOf(payment: PaymentRow, dueMinor: number): number {
  const { authorizedMinor, capturedMinor, capturePendingMinor, waivedMinor, voidedAt } = payment;
  return voidedAt === null ? Math.max(0, Math.min(authorizedMinor, dueMinor) - waivedMinor - capturedMinor - capturePendingMinor) : 0;
}

/** True while a payment holds, or has brought, what an order cost when it was placed. */
export function isLive({ authorizedMinor, voidedAt }: PaymentRow): boolean {
  return authorizedMinor > 0 && voidedAt === null;
}

/** What an order costs by now that no payment holds and none has brought. */
export function unpaidMinor(order: OrderRow, { lines, payments }: Pick<OrderFacts, 'lines' | 'payments'>): number {
  if (payments.some(isLive)) return 0;
  const paidMinor = sum(
    payments,
    ({ capturedMinor, capturePendingMinor, waivedMinor }) => capturedMinor + capturePendingMinor + waivedMinor,
  );
  return Math.max(0, amountDue(order, lines) - paidMinor);
}

/** What of a payment was taken and neither went back nor is on its way back. */
export function refundableOf({ capturedMinor, refundedMinor, refundPendingMinor }: PaymentRow): number {
  return capturedMinor - refundedMinor - refundPendingMinor;
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
