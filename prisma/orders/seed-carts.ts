import type { KeyRing } from '@app/database';
import { DAY_MS, HOUR_MS, plus } from '../seed/core/calendar.ts';
import type { TableRows } from '../seed/core/fill-database.ts';
import { seedId } from '../seed/core/ids.ts';
import type { OrderRow, OrderStatus } from '../seed/orders/rows.ts';
import { addressColumns } from './stored-address.ts';

/** The cart behind every order, with the lines as they were. */
export function cartTables(orders: readonly OrderRow[], ring: KeyRing): TableRows[] {
  return [
    {
      table: 'cart',
      rows: orders.map((order) => ({
        id: order.cartId,
        account_id: order.buyerId,
        status: cartStatus(order.status),
        version: order.lines.length + 2,
        currency: order.currency,
        email: order.email,
        ...addressColumns('Cart', order.shippingAddress, ring),
        created_at: plus(order.placedAt, -HOUR_MS / 3),
        updated_at: order.placedAt,
        expires_at: plus(order.placedAt, 30 * DAY_MS),
      })),
    },
    {
      table: 'cart_line',
      rows: orders.flatMap((order) =>
        order.lines.map((line) => ({
          id: seedId('cli', `${order.cartId}/${line.position}`, order.placedAt),
          cart_id: order.cartId,
          variant_id: line.variantId,
          quantity: line.quantity,
          product_id: line.productId,
          sku: line.sku,
          title: line.title,
          unit_price_minor: line.unitPrice,
          weight_grams: line.weightGrams,
          tax_category: line.taxCategory,
          created_at: plus(order.placedAt, -HOUR_MS / 3 + line.position * 60_000),
        })),
      ),
    },
  ];
}

/** A failed order gave its cart back, and since then the cart ran out. */
function cartStatus(status: OrderStatus): string {
  if (status === 'REJECTED' || status === 'EXPIRED') return 'EXPIRED';
  return status === 'PENDING' || status === 'AWAITING_PAYMENT' ? 'CHECKING_OUT' : 'ORDERED';
}
