import type { SeedCurrency } from '../catalogue/rows.ts';
import type { PostalAddressRow } from '../people/rows.ts';

export type OrderStatus = 'PENDING' | 'AWAITING_PAYMENT' | 'CONFIRMED' | 'COMPLETED' | 'CANCELLED' | 'REJECTED' | 'EXPIRED';
export type PaymentStatus =
  | 'NONE'
  | 'REQUIRES_ACTION'
  | 'AUTHORIZED'
  | 'PARTIALLY_CAPTURED'
  | 'CAPTURED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'VOIDED'
  | 'FAILED';
export type FulfillmentStatus = 'UNFULFILLED' | 'PARTIALLY_FULFILLED' | 'FULFILLED' | 'PARTIALLY_RETURNED' | 'RETURNED';
export type FailureReason = 'OUT_OF_STOCK' | 'PAYMENT_DECLINED' | 'PAYMENT_TIMEOUT';
export type PaymentEventKind =
  | 'AUTHORIZE_REQUESTED'
  | 'AUTHORIZED'
  | 'ACTION_REQUIRED'
  | 'AUTHORIZE_FAILED'
  | 'CAPTURE_REQUESTED'
  | 'CAPTURED'
  | 'VOID_REQUESTED'
  | 'VOIDED'
  | 'REFUND_REQUESTED'
  | 'REFUNDED';

/** Minor units of the order's currency throughout. */
export interface OrderLineRow {
  readonly id: string;
  readonly position: number;
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly weightGrams: number;
  readonly taxCategory: 'standard' | 'reduced';
  readonly taxRate: string;
  readonly unitPrice: number;
  readonly discount: number;
  readonly tax: number;
  /** unitPrice × quantity − discount + tax */
  readonly total: number;
  readonly fulfilledQuantity: number;
  readonly returnedQuantity: number;
}

export interface PaymentEventRow {
  readonly id: string;
  readonly kind: PaymentEventKind;
  readonly amount: number;
  readonly providerRef: string | null;
  readonly at: Date;
}

export interface PaymentRow {
  readonly id: string;
  readonly provider: string;
  readonly status: PaymentStatus;
  readonly amount: number;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  readonly createdAt: Date;
  readonly events: readonly PaymentEventRow[];
}

export interface FulfillmentRow {
  readonly id: string;
  readonly status: 'SHIPPED' | 'DELIVERED';
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly trackingUrl: string;
  readonly shippedAt: Date;
  readonly deliveredAt: Date | null;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}

export type ReturnStatus = 'REQUESTED' | 'APPROVED' | 'REJECTED' | 'RECEIVED' | 'REFUNDED';
export type ReturnReason = 'DAMAGED' | 'WRONG_ITEM' | 'NOT_AS_DESCRIBED' | 'CHANGED_MIND' | 'OTHER';

export interface ReturnRow {
  readonly id: string;
  readonly status: ReturnStatus;
  readonly requestedAt: Date;
  readonly refund: number | null;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly reason: ReturnReason }[];
}

export interface OrderEventRow {
  readonly id: string;
  readonly kind: string;
  readonly message: string;
  readonly actor: string;
  readonly at: Date;
}

export interface OrderRow {
  readonly id: string;
  readonly cartId: string;
  /** Counts from 0 over all towns; the public number is made from it. */
  readonly sequence: number;
  readonly buyerId: string | null;
  readonly email: string;
  readonly currency: SeedCurrency;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly fulfillmentStatus: FulfillmentStatus;
  readonly failureReason: FailureReason | null;
  readonly shippingAddress: PostalAddressRow;
  readonly shippingMethod: ShippingMethod;
  readonly promotionCode: string | null;
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  readonly tax: number;
  /** Σ line totals + shipping; equally subtotal − discount + shipping + tax. */
  readonly total: number;
  readonly lines: readonly OrderLineRow[];
  readonly payment: PaymentRow | null;
  readonly fulfillments: readonly FulfillmentRow[];
  readonly returns: readonly ReturnRow[];
  readonly history: readonly OrderEventRow[];
  readonly placedAt: Date;
  readonly updatedAt: Date;
}

export interface ShippingMethod {
  readonly code: 'standard' | 'express';
  readonly name: string;
}
