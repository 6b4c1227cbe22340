/** What is done to one database so that an invariant is broken. */
export interface Breach {
  readonly database: 'accounts' | 'products' | 'reviews' | 'orders' | 'payments';
  readonly statements: readonly string[];
}

const LONG_AGO = `now() - interval '1 day'`;
const FIRST_SALE = `SELECT id FROM orders WHERE status = 'COMPLETED' AND payment_status = 'CAPTURED' ORDER BY id LIMIT 1`;
const FIRST_CANCELLED = `SELECT id FROM orders WHERE status = 'CANCELLED' ORDER BY id LIMIT 1`;
const FIRST_STOCK = `(variant_id, location_id) = (SELECT variant_id, location_id FROM stock WHERE on_hand > reserved ORDER BY 1, 2 LIMIT 1)`;

/** Sets what the payment of the first sale is for, holds and took. */
const salePayment = (amounts: string) =>
  `UPDATE payment SET (amount_minor, authorized_minor, captured_minor) = (${amounts}) WHERE status = 'CAPTURED' AND order_id = (${FIRST_SALE})`;

/** One that holds something and took something. */
const anotherPayment = (
  order: string,
) => `INSERT INTO payment (id, order_id, attempt, provider, status, currency, amount_minor, authorized_minor, captured_minor)
  SELECT 'another', id, 99, 'sandbox', 'PARTIALLY_CAPTURED', currency, 2, 2, 1 FROM orders WHERE id = (${order})`;

const orderEvent = (type: string, order: string, data = '{}') => `WITH the_order AS (${order}) INSERT INTO event
  (id, stream_type, stream_id, stream_version, type, version, data, metadata, recorded_at)
  SELECT 'stray', 'order', id, 1, '${type}', 1, '${data}', '{}', ${LONG_AGO} FROM the_order`;

const strayEvent = (version: number, position: string) => `INSERT INTO event
  (id, position, stream_type, stream_id, stream_version, type, version, data, metadata, recorded_at)
  VALUES ('stray', ${position}, 'stray', 'stray', ${version}, 'stray', 1, '{}', '{}', ${LONG_AGO})`;

const strayReservation = (
  state: string,
  expiresAt: string,
) => `INSERT INTO reservation (order_id, variant_id, location_id, quantity, state, expires_at, created_at)
  SELECT 'stray', variant_id, location_id, 1, '${state}', ${expiresAt}, ${LONG_AGO} FROM stock WHERE ${FIRST_STOCK}`;

const inOrders = (...statements: readonly string[]): Breach => ({ database: 'orders', statements });
const inProducts = (...statements: readonly string[]): Breach => ({ database: 'products', statements });

/** By the title of the invariant that it breaks; each at rows of the demo data, which no scenario works on. */
export const breaches: Readonly<Record<string, Breach>> = {
  'what a payment says it took and gave back is what its ledger says': inOrders(
    `UPDATE payment SET captured_minor = captured_minor - 1 WHERE id = (SELECT id FROM payment WHERE status = 'CAPTURED' ORDER BY id LIMIT 1)`,
  ),
  'every amount taken has its order, and not more stays taken than what was not called off costs': inOrders(
    salePayment('amount_minor + 1, amount_minor + 1, amount_minor + 1'),
  ),
  'no order is paid twice': inOrders(anotherPayment(FIRST_SALE)),
  'no money is held for an order that is over without a sale': inOrders(anotherPayment(FIRST_CANCELLED)),
  'what is set aside of a payment is what is under way': inOrders(
    `UPDATE payment SET refund_pending_minor = 1 WHERE id = (SELECT id FROM payment WHERE captured_minor > refunded_minor ORDER BY id LIMIT 1)`,
  ),
  'what came back is not paid for, nor held': inOrders(
    `UPDATE order_return SET refund_minor = 1000000000 WHERE id = (SELECT r.id FROM order_return r JOIN payment p USING (order_id)
     WHERE r.status = 'REFUNDED' AND p.captured_minor > p.refunded_minor ORDER BY r.id LIMIT 1)`,
  ),
  'a confirmed order is paid for, or its money is held': inOrders(salePayment('amount_minor, amount_minor - 1, amount_minor - 1')),
  'no money is held for what was called off': inOrders(
    `WITH held AS (${salePayment('amount_minor, amount_minor, amount_minor - 1')} RETURNING order_id)
     UPDATE order_line SET fulfilled_quantity = 0, returning_quantity = 0, returned_quantity = 0, cancelled_quantity = quantity
     WHERE order_id IN (SELECT order_id FROM held)`,
  ),
  'orders, payments and the provider have the same books': {
    database: 'payments',
    statements: [
      `UPDATE sandbox_charge SET refunded_minor = 1 WHERE ref = (
      SELECT ref FROM sandbox_charge WHERE captured_minor > 0 AND refunded_minor = 0 ORDER BY ref LIMIT 1)`,
    ],
  },
  'no money is held or taken for an order that does not know of it': {
    database: 'payments',
    statements: [
      `INSERT INTO payment (id, authorize_key, provider, status, currency, amount_minor, authorized_minor, created_at)
      VALUES ('stray', 'stray', 'sandbox', 'AUTHORIZED', 'EUR', 100, 100, ${LONG_AGO})`,
    ],
  },
  'every call to the provider has an outcome': inOrders(
    `INSERT INTO payment_operation (key, payment_id, kind, status, amount_minor, created_at)
     SELECT 'unanswered', id, 'CAPTURE', 'UNKNOWN', 1, ${LONG_AGO} FROM payment ORDER BY id LIMIT 1`,
  ),
  'the sums of an order add up': inOrders(
    `UPDATE orders SET subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1 WHERE id = (${FIRST_SALE})`,
  ),
  'a cart has one live order, or none while it is open': inOrders(
    `WITH opened AS (INSERT INTO cart (id, currency, expires_at) VALUES ('opened', 'EUR', now()) RETURNING id)
     UPDATE orders SET cart_id = 'opened' WHERE id = (${FIRST_SALE})`,
    `UPDATE cart SET updated_at = ${LONG_AGO} WHERE id = 'opened'`,
  ),
  'a cart that is being ordered has an order on its way, and one that was ordered was sold': inOrders(
    `INSERT INTO cart (id, status, currency, expires_at, updated_at) VALUES ('left', 'CHECKING_OUT', 'EUR', now(), ${LONG_AGO})`,
  ),
  'what was sent of a line is in its parcels': inOrders(
    `UPDATE order_line SET fulfilled_quantity = fulfilled_quantity - 1
     WHERE id = (SELECT id FROM order_line WHERE fulfilled_quantity > returning_quantity ORDER BY id LIMIT 1)`,
  ),
  'no order is on its way for longer than it may be': inOrders(
    orderEvent(
      'order.submitted',
      `UPDATE orders SET placed_at = ${LONG_AGO} WHERE id = (SELECT id FROM orders WHERE status = 'PENDING' ORDER BY id LIMIT 1) RETURNING id`,
    ),
  ),
  'no workflow is on its way for longer than it may be': inOrders(
    `INSERT INTO workflow.run (id, name, version, subject, created_at, updated_at) VALUES ('stuck', 'placeOrder', 1, 'stuck', ${LONG_AGO}, ${LONG_AGO})`,
  ),
  'every use of an idempotency key is finished': inOrders(
    `INSERT INTO idempotency_key (id, caller, mutation, key, fingerprint, created_at) VALUES ('open', 'nobody', 'orderPlace', 'open', '', ${LONG_AGO})`,
  ),
  'an order tells of each of its steps once': inOrders(
    `INSERT INTO event (id, stream_type, stream_id, stream_version, type, version, data, metadata)
     SELECT 'twice-' || n, 'order', 'twice', n, 'order.confirmed', 1, '{}', '{}' FROM generate_series(1, 2) AS n`,
  ),
  'what an order tells of is what it is': inOrders(orderEvent('order.submitted', FIRST_SALE)),
  'a promotion is used as often as it was redeemed': inOrders(
    `UPDATE promotion SET usage_limit = NULL, used = used + 1 WHERE id = (SELECT id FROM promotion ORDER BY id LIMIT 1)`,
  ),
  'no order that is over without a sale uses a code': inOrders(
    `INSERT INTO promotion_redemption (promotion_id, order_id, customer, n)
     SELECT promotion.id, (${FIRST_CANCELLED}), 'nobody', 1 FROM promotion ORDER BY promotion.id LIMIT 1`,
  ),
  'what is on hand is the sum of all movements': inProducts(`UPDATE stock SET on_hand = on_hand + 1 WHERE ${FIRST_STOCK}`),
  'what is reserved is the sum of all reservations, and not more than is on hand': inProducts(
    `UPDATE stock SET reserved = reserved + 1 WHERE ${FIRST_STOCK}`,
  ),
  'no hold outlives its time': inProducts(strayReservation('HELD', LONG_AGO)),
  'no order that is over holds stock, and none is unknown': inProducts(strayReservation('ALLOCATED', 'NULL')),
  'a confirmed order owns or was sent exactly what was bought and not called off': inOrders(orderEvent('order.confirmed', FIRST_SALE)),
  'every parcel that was sent left the shelves, and what came back is on them': inOrders(orderEvent('order.confirmed', FIRST_SALE)),
  'the rating of a product counts its visible reviews': {
    database: 'reviews',
    statements: [
      `UPDATE product_rating SET stars_5 = stars_5 + 1 WHERE product_id = (SELECT product_id FROM product_rating ORDER BY product_id LIMIT 1)`,
    ],
  },
  'products shows the rating that reviews has': inProducts(
    `UPDATE product SET rating_count = rating_count + 1 WHERE id = (SELECT id FROM product WHERE rating_count > 0 ORDER BY id LIMIT 1)`,
  ),
  'reviews knows everything that was delivered': inOrders(
    orderEvent('order.delivered', FIRST_SALE, '{"buyerId": "somebody", "lines": [{"lineId": "lost"}]}'),
  ),
  'versions of a stream count up from 1 without gaps': inProducts(strayEvent(2, 'NULL')),
  'positions of a log count up from 1 without gaps': inProducts(strayEvent(1, '1000000')),
  'every event is numbered and pushed': inProducts(strayEvent(1, 'NULL')),
  'no event is parked': inProducts(
    `INSERT INTO dead_letter (consumer, event_id, source, stream_type, stream_id, position, status, envelope)
     VALUES ('products.sales', 'parked', 'orders', 'order', 'parked', 1, 'failed', '{}')`,
  ),
  'every event was handled by each of its consumers, once': inOrders(orderEvent('order.confirmed', FIRST_SALE)),
  'every mail was sent or given up': {
    database: 'accounts',
    statements: [
      `INSERT INTO mail (id, recipient, kind, subject, text, created_at) VALUES ('waiting', 'nobody@example.com', 'any', '', '', ${LONG_AGO})`,
    ],
  },
};
