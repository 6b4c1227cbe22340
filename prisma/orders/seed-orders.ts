import type { KeyRing } from '@app/database';
import type { TableRows } from '../seed/core/fill-database.ts';
import { hash128 } from '../seed/core/random.ts';
import type { PromotionRow } from '../seed/orders/promotions.ts';
import type { OrderLineRow, OrderRow, ReturnRow } from '../seed/orders/rows.ts';
import { taxTitle } from '../seed/orders/totals.ts';
import { addressColumns } from './stored-address.ts';

/** Orders, their lines and their history. */
export function orderTables(orders: readonly OrderRow[], promotions: ReadonlyMap<string, PromotionRow>, ring: KeyRing): TableRows[] {
  return [
    { table: 'orders', rows: orders.map((order) => orderRow(order, promotions, ring)) },
    { table: 'order_line', rows: orders.flatMap((order) => order.lines.map((line) => lineRow(order, line))) },
    {
      table: 'order_entry',
      rows: orders.flatMap(({ id, history }) =>
        history.map((entry) => ({
          id: entry.id,
          order_id: id,
          kind: entry.kind,
          message: entry.message,
          actor: entry.actor,
          at: entry.at,
        })),
      ),
    },
  ];
}

/** Parcels and returns with what is in them. */
export function fulfillmentTables(orders: readonly OrderRow[]): TableRows[] {
  const parcels = orders.flatMap(({ id, fulfillments }) => fulfillments.map((parcel) => ({ orderId: id, parcel })));
  const returns = orders.flatMap(({ id, returns }) => returns.map((entry) => ({ orderId: id, entry })));
  return [
    {
      table: 'fulfillment',
      rows: parcels.map(({ orderId, parcel }) => ({
        id: parcel.id,
        order_id: orderId,
        status: parcel.status,
        carrier: parcel.carrier,
        tracking_number: parcel.trackingNumber,
        tracking_url: parcel.trackingUrl,
        shipped_at: parcel.shippedAt,
        delivered_at: parcel.deliveredAt,
        created_at: parcel.shippedAt,
      })),
    },
    {
      table: 'fulfillment_line',
      rows: parcels.flatMap(({ parcel }) =>
        parcel.lines.map(({ lineId, quantity }) => ({ fulfillment_id: parcel.id, order_line_id: lineId, quantity })),
      ),
    },
    {
      table: 'order_return',
      rows: returns.map(({ orderId, entry }) => ({
        id: entry.id,
        order_id: orderId,
        status: entry.status,
        refund_minor: entry.refund,
        requested_at: entry.requestedAt,
        updated_at: entry.requestedAt,
      })),
    },
    {
      table: 'order_return_line',
      rows: returns.flatMap(({ entry }) =>
        entry.lines.map(({ lineId, quantity, reason }) => ({ return_id: entry.id, order_line_id: lineId, quantity, reason })),
      ),
    },
  ];
}

function orderRow(order: OrderRow, promotions: ReadonlyMap<string, PromotionRow>, ring: KeyRing): Record<string, unknown> {
  const promotion = order.promotionCode === null ? undefined : promotions.get(order.promotionCode);
  return {
    id: order.id,
    number: orderNumber(order.id),
    cart_id: order.cartId,
    account_id: order.buyerId,
    email: order.email,
    status: order.status,
    payment_status: order.paymentStatus,
    fulfillment_status: order.fulfillmentStatus,
    failure_reason: order.failureReason,
    currency: order.currency,
    subtotal_minor: order.subtotal,
    discount_minor: order.discount,
    shipping_minor: order.shipping,
    tax_minor: order.tax,
    total_minor: order.total,
    tax_lines: taxLines(order),
    promotions: promotion ? [{ id: promotion.id, code: promotion.code, title: promotion.title, discountMinor: order.discount }] : [],
    ...addressColumns('Order', order.shippingAddress, ring),
    shipping_method_name: order.shippingMethod.name,
    version: order.history.length,
    placed_at: order.placedAt,
    updated_at: order.updatedAt,
  };
}

/** Numbers such as K7M2P-9QX4T: Crockford's base 32 (no I, L, O, U), ten digits of a hash of the id. */
export function orderNumber(orderId: string): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const [high, low] = hash128(`number:${orderId}`);
  const digits = [high, low].flatMap((word) => Array.from({ length: 5 }, (_, index) => alphabet.charAt((word >>> (index * 5)) & 31)));
  return `${digits.slice(0, 5).join('')}-${digits.slice(5).join('')}`;
}

function taxLines({ lines, shippingAddress }: OrderRow): { title: string; rate: string; minor: number }[] {
  const byRate = new Map<string, number>();
  for (const { taxRate, tax } of lines) byRate.set(taxRate, (byRate.get(taxRate) ?? 0) + tax);
  return [...byRate].map(([rate, minor]) => ({ title: taxTitle(shippingAddress.countryCode, rate), rate, minor }));
}

function lineRow({ id, status, returns }: OrderRow, line: OrderLineRow): Record<string, unknown> {
  return {
    id: line.id,
    order_id: id,
    position: line.position,
    variant_id: line.variantId,
    product_id: line.productId,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    unit_price_minor: line.unitPrice,
    discount_minor: line.discount,
    tax_minor: line.tax,
    total_minor: line.total,
    fulfilled_quantity: line.fulfilledQuantity,
    cancelled_quantity: status === 'CANCELLED' ? line.quantity : 0,
    returning_quantity: returningUnits(line.id, returns),
    returned_quantity: line.returnedQuantity,
  };
}

/** Units in returns that are open or finished; a rejected return lets them go. */
function returningUnits(lineId: string, returns: readonly ReturnRow[]): number {
  const counted = returns.filter(({ status }) => status !== 'REJECTED').flatMap(({ lines }) => lines);
  return counted.filter((row) => row.lineId === lineId).reduce((sum, { quantity }) => sum + quantity, 0);
}
