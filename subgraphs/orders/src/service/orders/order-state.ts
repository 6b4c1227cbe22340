import type { OrderLineRow, OrderRow } from '../../data/order-rows.ts';
import type { PaymentRow } from '../../data/payment-rows.ts';
import type { OrderState } from '../../domain/available-actions.ts';

/** What an order's actions depend on, from its rows. */
export function orderState(order: OrderRow, lines: readonly OrderLineRow[], payments: readonly PaymentRow[]): OrderState {
  const hold = payments.filter(({ voidedAt }) => voidedAt === null);
  return {
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfillmentStatus: order.fulfillmentStatus,
    returnableQuantity: sum(lines, ({ fulfilledQuantity, returningQuantity }) => fulfilledQuantity - returningQuantity),
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
