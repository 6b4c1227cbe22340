import { MoneyType, PostalAddress } from '@app/subgraph';
import type { OrderRow } from '../service/orders/read-orders.ts';
import type { OrderLineRow, PaymentRow } from '../service/orders/read-parts.ts';
import { Order } from './order.type.ts';
import { OrderLine } from './order-line.type.ts';
import { Payment } from './payment.type.ts';
import { TaxLine, Totals } from './totals.type.ts';

/** The GraphQL face of an order. */
export function toOrder(row: OrderRow): Order {
  const {
    id,
    number,
    accountId,
    email,
    status,
    paymentStatus,
    fulfillmentStatus,
    failureReason,
    shippingMethodName,
    placedAt,
    updatedAt,
    version,
  } = row;
  return Object.assign(new Order(), {
    id,
    number,
    accountId,
    email,
    status,
    paymentStatus,
    fulfillmentStatus,
    failureReason,
    shippingMethodName,
    placedAt,
    updatedAt,
    version,
    row,
    shippingAddress: row.shippingAddress && Object.assign(new PostalAddress(), row.shippingAddress),
    billingAddress: row.billingAddress && Object.assign(new PostalAddress(), row.billingAddress),
    totals: toTotals(row, row.currency),
  });
}

/** Amounts as totals, of an order or of a cart. */
export function toTotals(
  amounts: Pick<OrderRow, 'subtotalMinor' | 'discountMinor' | 'shippingMinor' | 'taxMinor' | 'totalMinor' | 'taxLines'>,
  currency: string,
): Totals {
  const of = (minor: number) => MoneyType.of({ minor, currency });
  return Object.assign(new Totals(), {
    subtotal: of(amounts.subtotalMinor),
    discount: of(amounts.discountMinor),
    shipping: of(amounts.shippingMinor),
    tax: of(amounts.taxMinor),
    total: of(amounts.totalMinor),
    taxLines: amounts.taxLines.map(({ title, rate, minor }) => Object.assign(new TaxLine(), { title, rate, amount: of(minor) })),
  });
}

export function toOrderLine(row: OrderLineRow, currency: string): OrderLine {
  const of = (minor: number) => MoneyType.of({ minor, currency });
  const { id, variantId, sku, title, imageUrl, quantity, fulfilledQuantity, cancelledQuantity, returnedQuantity } = row;
  const facts = { id, variantId, sku, title, imageUrl, quantity, fulfilledQuantity, cancelledQuantity, returnedQuantity };
  return Object.assign(new OrderLine(), facts, {
    unitPrice: of(row.unitPriceMinor),
    discount: of(row.discountMinor),
    tax: of(row.taxMinor),
    total: of(row.totalMinor),
  });
}

export function toPayment(row: PaymentRow): Payment {
  const of = (minor: number) => MoneyType.of({ minor, currency: row.currency });
  const { id, provider, status, currency } = row;
  return Object.assign(new Payment(), {
    id,
    provider,
    status,
    currency,
    amount: of(row.amountMinor),
    captured: of(row.capturedMinor),
    refunded: of(row.refundedMinor),
  });
}
