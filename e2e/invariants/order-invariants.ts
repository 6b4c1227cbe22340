import type { Books } from './books.ts';
import type { Invariant } from './invariant.ts';

/** How long an order may wait for its customer to pay, in seconds. */
const LONGEST_PAYMENT_SECONDS = 15 * 60;

/** The demo's history was not placed here: nobody works on it. */
const PLACED_HERE = `EXISTS (SELECT FROM event e WHERE e.stream_type = 'order' AND e.stream_id = o.id AND e.type = 'order.submitted')`;

/** Of carts, orders and their durable runs. */
export const orderInvariants: readonly Invariant[] = [
  inOrders(
    'the sums of an order add up',
    `SELECT o.id || ': ' || o.total_minor || ' in all' AS offender FROM orders o JOIN order_line l ON l.order_id = o.id
     GROUP BY o.id HAVING o.total_minor <> o.subtotal_minor - o.discount_minor + o.shipping_minor + o.tax_minor
       OR sum(l.total_minor) <> o.total_minor - o.shipping_minor`,
  ),
  inOrders(
    'a cart has one live order, or none while it is open',
    `SELECT c.id || ' is ' || c.status || ' and has ' || count(o.id) || ' live orders' AS offender
     FROM cart c LEFT JOIN orders o ON o.cart_id = c.id AND o.status NOT IN ('REJECTED', 'CANCELLED', 'EXPIRED')
     WHERE c.updated_at < now() - make_interval(secs => $1)
     GROUP BY c.id, c.status HAVING count(o.id) > 1 OR (c.status = 'OPEN' AND count(o.id) > 0)`,
    (books) => [books.graceSeconds],
  ),
  inOrders(
    'a cart that is being ordered has an order on its way, and one that was ordered was sold',
    `SELECT c.id || ' is ' || c.status AS offender FROM cart c
     WHERE c.updated_at < now() - make_interval(secs => $1) AND c.status IN ('CHECKING_OUT', 'ORDERED') AND NOT EXISTS (
       SELECT FROM orders o WHERE o.cart_id = c.id AND CASE c.status WHEN 'CHECKING_OUT' THEN o.status IN ('PENDING', 'AWAITING_PAYMENT')
         ELSE o.status IN ('CONFIRMED', 'COMPLETED', 'CANCELLED') END)`,
    (books) => [books.graceSeconds],
  ),
  inOrders(
    'what was sent of a line is in its parcels',
    `SELECT l.id || ': ' || l.fulfilled_quantity || ' sent, ' || coalesce(sum(c.quantity), 0) || ' in parcels' AS offender
     FROM order_line l LEFT JOIN (fulfillment_line c JOIN fulfillment f ON f.id = c.fulfillment_id AND f.status <> 'CANCELLED')
       ON c.order_line_id = l.id GROUP BY l.id HAVING l.fulfilled_quantity <> coalesce(sum(c.quantity), 0)`,
  ),
  inOrders(
    'no order is on its way for longer than it may be',
    `SELECT id || ' is ' || status || ' since ' || placed_at AS offender FROM orders o
     WHERE ((status = 'PENDING' AND placed_at < now() - make_interval(secs => $1))
        OR (status = 'AWAITING_PAYMENT' AND placed_at < now() - make_interval(secs => $2)))
       AND ${PLACED_HERE}`,
    (books) => [books.graceSeconds + books.patienceSeconds, books.graceSeconds + LONGEST_PAYMENT_SECONDS + books.patienceSeconds],
  ),
  { title: 'no workflow is on its way for longer than it may be', offenders: unfinishedRuns },
  inOrders(
    'every use of an idempotency key is finished',
    `SELECT mutation || ' ' || key AS offender FROM idempotency_key WHERE NOT done AND created_at < now() - make_interval(secs => $1)`,
    (books) => [books.graceSeconds],
  ),
  inOrders(
    'an order tells of each of its steps once',
    `SELECT stream_id || ': ' || count(*) || ' × ' || type AS offender FROM event
     WHERE type IN ('order.submitted', 'order.confirmed', 'order.rejected', 'order.cancelled', 'order.rest_cancelled')
     GROUP BY stream_id, type HAVING count(*) > 1`,
  ),
  inOrders(
    'what an order tells of is what it is',
    `SELECT o.id || ' is ' || o.status || ' and tells of ' || string_agg(DISTINCT e.type, ', ') AS offender
     FROM orders o JOIN event e ON e.stream_type = 'order' AND e.stream_id = o.id
     GROUP BY o.id, o.status
     HAVING (o.status IN ('CONFIRMED', 'COMPLETED')) AND NOT bool_or(e.type = 'order.confirmed')
        OR (o.status = 'CANCELLED' AND NOT bool_or(e.type = 'order.cancelled'))
        OR (o.status = 'REJECTED') <> bool_or(e.type = 'order.rejected' AND o.status = 'REJECTED')
        OR (o.status IN ('REJECTED', 'PENDING') AND bool_or(e.type = 'order.confirmed'))`,
  ),
  inOrders(
    'a promotion is used as often as it was redeemed',
    `SELECT p.code || ': used ' || p.used || ', redeemed ' || count(r.order_id) AS offender
     FROM promotion p LEFT JOIN promotion_redemption r ON r.promotion_id = p.id GROUP BY p.id HAVING p.used <> count(r.order_id)`,
  ),
  inOrders(
    'no order that is over without a sale uses a code',
    `SELECT o.id || ' is ' || o.status || ' and uses ' || p.code AS offender
     FROM promotion_redemption r JOIN promotion p ON p.id = r.promotion_id JOIN orders o ON o.id = r.order_id
     WHERE o.status IN ('REJECTED', 'CANCELLED', 'EXPIRED') AND o.updated_at < now() - make_interval(secs => $1)`,
    (books) => [books.graceSeconds],
  ),
];

/** Statements on the orders database. */
export function inOrders(title: string, sql: string, values: (books: Books) => readonly unknown[] = () => []): Invariant {
  return {
    title,
    offenders: async (books) => {
      const rows = await books.read<{ offender: string }>('orders', sql, values(books));
      return rows.map(({ offender }) => offender);
    },
  };
}

/** Runs that nobody works on although they have not ended, and those that wait for longer than anything they could wait for. */
async function unfinishedRuns(books: Books): Promise<readonly string[]> {
  const seconds = books.graceSeconds + books.patienceSeconds + LONGEST_PAYMENT_SECONDS;
  const open = `SELECT id || ' is ' || status || ': ' || coalesce(last_error, 'no error') AS offender FROM workflow.run
    WHERE ended_at IS NULL AND ((status <> 'WAITING' AND updated_at < now() - make_interval(secs => $1))
      OR created_at < now() - make_interval(secs => $2))`;
  const rows = await books.read<{ offender: string }>('orders', open, [books.graceSeconds, seconds]);
  return rows.map(({ offender }) => offender);
}
