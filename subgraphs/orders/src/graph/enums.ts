import { registerEnumType } from 'type-graphql';
import {
  CartProblemCode,
  CartStatus,
  FulfillmentStatus,
  NextActionKind,
  OrderAction,
  OrderFailureReason,
  OrderSort,
  OrderStatus,
  PaymentEventKind,
  PaymentStatus,
  ReturnDecision,
  ReturnReason,
  ReturnStatus,
  ShipmentStatus,
  WorkflowStatus,
  WorkflowStepOutcome,
} from '../domain/statuses.ts';

/** Registers an enum with a description for every value. */
function register<Values extends Record<string, string>>(
  name: string,
  values: Values,
  description: string,
  texts: { [Value in keyof Values]: string },
): void {
  const valuesConfig = Object.fromEntries(Object.entries(texts).map(([value, text]) => [value, { description: text }]));
  registerEnumType(values, { name, description, valuesConfig: valuesConfig as never });
}

register('CartStatus', CartStatus, 'Where a cart is in its life.', {
  OPEN: 'It can be changed.',
  CHECKING_OUT: 'An order is being placed with it: it cannot be changed until that has ended.',
  ORDERED: 'It became an order.',
  EXPIRED: 'It was left alone too long, or its lines went into another cart.',
});
register('CartProblemCode', CartProblemCode, 'What stands in the way of ordering a cart as it is.', {
  PRICE_CHANGED: 'The price is another one than when the line was put in.',
  OUT_OF_STOCK: 'There is nothing left.',
  QUANTITY_REDUCED: 'There are fewer left than the line asks for.',
  VARIANT_UNAVAILABLE: 'It is not sold any more, or not in this currency.',
  PROMOTION_EXPIRED: 'A promotion code does not apply, any more or yet.',
  SHIPPING_UNAVAILABLE: 'The shipping method that was chosen is not offered for this address and weight.',
});
register('OrderStatus', OrderStatus, 'Where an order is in its life. Payment and fulfilment have a status of their own.', {
  PENDING: 'It is being placed; this takes seconds.',
  AWAITING_PAYMENT: 'The customer has to do something to pay: see nextAction.',
  CONFIRMED: 'Stock and payment are secured.',
  COMPLETED: 'Everything arrived that was not called off.',
  CANCELLED: 'All of it was called off.',
  REJECTED: 'It could not be placed: see failureReason. Nothing is charged and the cart is open again.',
  EXPIRED: 'The customer did not pay in time. Nothing is charged and the cart is open again.',
});
register('PaymentStatus', PaymentStatus, "State of an order's money, or of one payment.", {
  NONE: 'Nothing happened yet.',
  REQUIRES_ACTION: 'The customer has to confirm the payment.',
  AUTHORIZED: 'The amount is held, not taken.',
  PARTIALLY_CAPTURED: 'Part of it was taken.',
  CAPTURED: 'All of it was taken, or all that was due: nothing more is held.',
  PARTIALLY_REFUNDED: 'Part of what was taken went back.',
  REFUNDED: 'Everything that was taken went back.',
  VOIDED: 'The hold was given back.',
  FAILED: 'It was declined.',
});
register('FulfillmentStatus', FulfillmentStatus, 'State of the goods of an order.', {
  UNFULFILLED: 'Nothing was sent.',
  PARTIALLY_FULFILLED: 'Part of it was sent.',
  FULFILLED: 'Everything was sent that was not called off.',
  PARTIALLY_RETURNED: 'Part of it came back.',
  RETURNED: 'Everything came back that was not called off.',
});
register('OrderAction', OrderAction, 'What can be done with an order.', {
  PAY: 'Pay it, with another means of payment if need be (orderPaymentRetry).',
  CANCEL: 'Call off what was not sent (orderCancel).',
  REQUEST_RETURN: 'Send something back (returnRequest).',
  REVIEW: 'Review what arrived (reviewSubmit).',
  REORDER: 'Put the same things into a cart.',
  CAPTURE: 'Take held money (paymentCapture).',
  REFUND: 'Give money back (refundCreate).',
  FULFIL: 'Send something (fulfillmentCreate).',
});
register('OrderFailureReason', OrderFailureReason, 'Why an order could not be placed.', {
  OUT_OF_STOCK: 'Something was sold out in the meantime.',
  PAYMENT_DECLINED: 'The payment was declined.',
  PAYMENT_TIMEOUT: 'The payment was not confirmed in time.',
  PROMOTION_EXHAUSTED: 'A promotion code was used up in the meantime.',
  FRAUD_SUSPECTED: 'The payment was refused as suspicious.',
  SERVICE_UNAVAILABLE: 'A service it needs could not be reached. Try again.',
});
register('NextActionKind', NextActionKind, 'How a payment goes on.', {
  REDIRECT: 'Send the customer to url.',
  CONFIRM_IN_CLIENT: "Confirm with the provider's library and clientSecret.",
});
register('PaymentEventKind', PaymentEventKind, 'What was asked of the payment provider, and what it answered.', {
  AUTHORIZE_REQUESTED: 'Asked to hold the amount.',
  AUTHORIZED: 'The amount is held.',
  ACTION_REQUIRED: 'The customer has to confirm.',
  AUTHORIZE_FAILED: 'Declined.',
  CAPTURE_REQUESTED: 'Asked to take money.',
  CAPTURED: 'Taken.',
  CAPTURE_FAILED: 'Not taken.',
  VOID_REQUESTED: 'Asked to give the hold back.',
  VOIDED: 'Given back.',
  REFUND_REQUESTED: 'Asked to refund.',
  REFUNDED: 'Refunded.',
  REFUND_FAILED: 'Not refunded.',
  OUTCOME_UNKNOWN: 'No answer: it may have happened. The provider is asked until it is known.',
});
register('ShipmentStatus', ShipmentStatus, 'State of one shipment.', {
  PENDING: 'Being prepared.',
  SHIPPED: 'On its way.',
  DELIVERED: 'Arrived.',
  LOST: 'Did not arrive.',
  CANCELLED: 'Not sent.',
});
register('ReturnStatus', ReturnStatus, 'State of a return.', {
  REQUESTED: 'Asked for.',
  APPROVED: 'The goods may be sent back.',
  REJECTED: 'Not accepted.',
  RECEIVED: 'The goods arrived.',
  REFUNDED: 'The money went back.',
  CANCELLED: 'Called off.',
});
register('ReturnReason', ReturnReason, 'Why something is sent back.', {
  DAMAGED: 'It is damaged.',
  WRONG_ITEM: 'It is something else.',
  NOT_AS_DESCRIBED: 'It is not what the description said.',
  CHANGED_MIND: 'It is not wanted any more.',
  OTHER: 'Something else: see the note.',
});
register('ReturnDecision', ReturnDecision, 'What to do with a return.', {
  APPROVE: 'Accept it: the goods may be sent back.',
  REJECT: 'Refuse it.',
  MARK_RECEIVED: 'The goods have arrived: restock them and refund.',
});
register('OrderSort', OrderSort, 'Order of a list of orders.', {
  NEWEST: 'Placed last first.',
  OLDEST: 'Placed first first.',
  TOTAL_DESC: 'Highest total first.',
});
register('WorkflowStatus', WorkflowStatus, 'How a durable run stands.', {
  RUNNING: 'A step is worked on, or will be at once.',
  WAITING: 'It waits for a signal or a time.',
  RETRYING: 'A step failed and is tried again.',
  STUCK: 'A step failed so often that somebody should look; it is still tried.',
  COMPENSATING: 'It was refused and is being undone.',
  COMPENSATION_FAILED: 'Undoing it fails: somebody must look; it is still tried.',
  DONE: 'It came to its end.',
  REFUSED: 'The business said no; everything is undone.',
  CANCELLED: 'It was stopped by hand where it was; nothing is undone.',
  FAILED: 'The engine gave it up: somebody must look.',
});
register('WorkflowStepOutcome', WorkflowStepOutcome, 'What came of a step.', {
  DONE: 'It was done.',
  REFUSED: 'The business said no.',
  WAITED: 'It had to wait.',
  COMPENSATED: 'What it did was undone.',
});
