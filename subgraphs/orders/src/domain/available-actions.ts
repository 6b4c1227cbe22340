import type { FulfillmentStatus, OrderAction, OrderStatus, PaymentStatus } from './statuses.ts';

/** What an order's actions depend on. */
export interface OrderState {
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly fulfillmentStatus: FulfillmentStatus;
  /** Pieces that are in no shipment yet and were not called off. */
  readonly sendableQuantity: number;
  /** A shipment is being prepared: nobody knows yet whether it leaves. */
  readonly isBeingPrepared: boolean;
  /** Pieces that arrived and are not on their way back. */
  readonly returnableQuantity: number;
  /** Held money that may still be taken, and taken money that did not go back, in minor units. */
  readonly capturableMinor: number;
  readonly refundableMinor: number;
}

/** Who looks at it. */
export interface OrderViewer {
  readonly isBuyer: boolean;
  readonly canWriteOrders: boolean;
  readonly canWritePayments: boolean;
}

/** The one place that says who may do what in which state; mutations ask it as well. */
export function availableActions(order: OrderState, viewer: OrderViewer): OrderAction[] {
  const rules: Record<OrderAction, boolean> = {
    PAY: viewer.isBuyer && order.status === 'AWAITING_PAYMENT',
    CANCEL: (viewer.isBuyer || viewer.canWriteOrders) && isCancellable(order),
    REQUEST_RETURN: (viewer.isBuyer || viewer.canWriteOrders) && isSold(order) && order.returnableQuantity > 0,
    REVIEW: viewer.isBuyer && isSold(order) && order.returnableQuantity > 0,
    REORDER: viewer.isBuyer && order.status !== 'PENDING' && order.status !== 'AWAITING_PAYMENT',
    CAPTURE: viewer.canWritePayments && isSold(order) && order.capturableMinor > 0,
    REFUND: viewer.canWritePayments && order.refundableMinor > 0,
    FULFIL: viewer.canWriteOrders && order.status === 'CONFIRMED' && order.sendableQuantity > 0,
  };
  return (Object.keys(rules) as OrderAction[]).filter((action) => rules[action]);
}

/** Whatever was not sent; while a shipment is being prepared that is not known. */
function isCancellable(order: OrderState): boolean {
  return order.status === 'AWAITING_PAYMENT' || (order.status === 'CONFIRMED' && order.sendableQuantity > 0 && !order.isBeingPrepared);
}

function isSold(order: OrderState): boolean {
  return order.status === 'CONFIRMED' || order.status === 'COMPLETED';
}
