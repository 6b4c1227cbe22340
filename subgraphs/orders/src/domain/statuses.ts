/** The closed lists of states and kinds. The database has the same as enums. */

export const CartStatus = { OPEN: 'OPEN', CHECKING_OUT: 'CHECKING_OUT', ORDERED: 'ORDERED', EXPIRED: 'EXPIRED' } as const;
export type CartStatus = keyof typeof CartStatus;

export const OrderStatus = {
  PENDING: 'PENDING',
  AWAITING_PAYMENT: 'AWAITING_PAYMENT',
  CONFIRMED: 'CONFIRMED',
  COMPLETED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
  REJECTED: 'REJECTED',
  EXPIRED: 'EXPIRED',
} as const;
export type OrderStatus = keyof typeof OrderStatus;

export const PaymentStatus = {
  NONE: 'NONE',
  REQUIRES_ACTION: 'REQUIRES_ACTION',
  AUTHORIZED: 'AUTHORIZED',
  PARTIALLY_CAPTURED: 'PARTIALLY_CAPTURED',
  CAPTURED: 'CAPTURED',
  PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
  REFUNDED: 'REFUNDED',
  VOIDED: 'VOIDED',
  FAILED: 'FAILED',
} as const;
export type PaymentStatus = keyof typeof PaymentStatus;

export const FulfillmentStatus = {
  UNFULFILLED: 'UNFULFILLED',
  PARTIALLY_FULFILLED: 'PARTIALLY_FULFILLED',
  FULFILLED: 'FULFILLED',
  PARTIALLY_RETURNED: 'PARTIALLY_RETURNED',
  RETURNED: 'RETURNED',
} as const;
export type FulfillmentStatus = keyof typeof FulfillmentStatus;

export const OrderAction = {
  PAY: 'PAY',
  CANCEL: 'CANCEL',
  REQUEST_RETURN: 'REQUEST_RETURN',
  REVIEW: 'REVIEW',
  REORDER: 'REORDER',
  CAPTURE: 'CAPTURE',
  REFUND: 'REFUND',
  FULFIL: 'FULFIL',
} as const;
export type OrderAction = keyof typeof OrderAction;

export const OrderFailureReason = {
  OUT_OF_STOCK: 'OUT_OF_STOCK',
  PAYMENT_DECLINED: 'PAYMENT_DECLINED',
  PAYMENT_TIMEOUT: 'PAYMENT_TIMEOUT',
  PROMOTION_EXHAUSTED: 'PROMOTION_EXHAUSTED',
  FRAUD_SUSPECTED: 'FRAUD_SUSPECTED',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
} as const;
export type OrderFailureReason = keyof typeof OrderFailureReason;

export const PaymentEventKind = {
  AUTHORIZE_REQUESTED: 'AUTHORIZE_REQUESTED',
  AUTHORIZED: 'AUTHORIZED',
  ACTION_REQUIRED: 'ACTION_REQUIRED',
  AUTHORIZE_FAILED: 'AUTHORIZE_FAILED',
  CAPTURE_REQUESTED: 'CAPTURE_REQUESTED',
  CAPTURED: 'CAPTURED',
  CAPTURE_FAILED: 'CAPTURE_FAILED',
  VOID_REQUESTED: 'VOID_REQUESTED',
  VOIDED: 'VOIDED',
  REFUND_REQUESTED: 'REFUND_REQUESTED',
  REFUNDED: 'REFUNDED',
  REFUND_FAILED: 'REFUND_FAILED',
  OUTCOME_UNKNOWN: 'OUTCOME_UNKNOWN',
} as const;
export type PaymentEventKind = keyof typeof PaymentEventKind;

export const ShipmentStatus = {
  PENDING: 'PENDING',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  LOST: 'LOST',
  CANCELLED: 'CANCELLED',
} as const;
export type ShipmentStatus = keyof typeof ShipmentStatus;

export const ReturnStatus = {
  REQUESTED: 'REQUESTED',
  APPROVED: 'APPROVED',
  REJECTED: 'REJECTED',
  RECEIVED: 'RECEIVED',
  REFUNDED: 'REFUNDED',
  CANCELLED: 'CANCELLED',
} as const;
export type ReturnStatus = keyof typeof ReturnStatus;

export const ReturnReason = {
  DAMAGED: 'DAMAGED',
  WRONG_ITEM: 'WRONG_ITEM',
  NOT_AS_DESCRIBED: 'NOT_AS_DESCRIBED',
  CHANGED_MIND: 'CHANGED_MIND',
  OTHER: 'OTHER',
} as const;
export type ReturnReason = keyof typeof ReturnReason;

export const ReturnDecision = { APPROVE: 'APPROVE', REJECT: 'REJECT', MARK_RECEIVED: 'MARK_RECEIVED' } as const;
export type ReturnDecision = keyof typeof ReturnDecision;

export const CartProblemCode = {
  PRICE_CHANGED: 'PRICE_CHANGED',
  OUT_OF_STOCK: 'OUT_OF_STOCK',
  QUANTITY_REDUCED: 'QUANTITY_REDUCED',
  VARIANT_UNAVAILABLE: 'VARIANT_UNAVAILABLE',
  PROMOTION_EXPIRED: 'PROMOTION_EXPIRED',
  SHIPPING_UNAVAILABLE: 'SHIPPING_UNAVAILABLE',
} as const;
export type CartProblemCode = keyof typeof CartProblemCode;

export const NextActionKind = { REDIRECT: 'REDIRECT', CONFIRM_IN_CLIENT: 'CONFIRM_IN_CLIENT' } as const;
export type NextActionKind = keyof typeof NextActionKind;

export const OrderSort = { NEWEST: 'NEWEST', OLDEST: 'OLDEST', TOTAL_DESC: 'TOTAL_DESC' } as const;
export type OrderSort = keyof typeof OrderSort;

export const WorkflowStatus = {
  RUNNING: 'RUNNING',
  WAITING: 'WAITING',
  RETRYING: 'RETRYING',
  STUCK: 'STUCK',
  COMPENSATING: 'COMPENSATING',
  COMPENSATION_FAILED: 'COMPENSATION_FAILED',
  DONE: 'DONE',
  REFUSED: 'REFUSED',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
} as const;
export type WorkflowStatus = keyof typeof WorkflowStatus;

export const WorkflowStepOutcome = { DONE: 'DONE', REFUSED: 'REFUSED', WAITED: 'WAITED', COMPENSATED: 'COMPENSATED' } as const;
export type WorkflowStepOutcome = keyof typeof WorkflowStepOutcome;
