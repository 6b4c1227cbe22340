import type { FulfillmentRow } from '../../data/order-parts.ts';
import type { OrderLineRow, OrderRow } from '../../data/order-rows.ts';
import type { PaymentRow } from '../../data/payment-rows.ts';
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
  const hold = payments.filter(({ voidedAt }) => voidedAt === null);
  return {
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfillmentStatus: order.fulfillmentStatus,
    sendableQuantity: sum(lines, ({ quantity, fulfilledQuantity }) => quantity - fulfilledQuantity),
    returnableQuantity: sum(arrived, ({ quantity }) => quantity) - sum(lines, ({ returningQuantity }) => returningQuantity),
    capturableMinor: sum(
      hold,
      ({ authorizedMinor, capturedMinor, capturePendingMinor }) => authorizedMinor - capturedMinor - capturePendingMinor,
    ),
    refundableMinor: sum(
      payments,
      ({ capturedMinor, refundedMinor, refundPendingMinor }) => capturedMinor - refundedMinor - refundPendingMinor,
    ),
  };
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
