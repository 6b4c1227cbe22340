import { disagreementsOf } from '@services/payments/invariants';
import type { QueryResultRow } from 'pg';
import type { Books } from './books.ts';
import type { Invariant } from './invariant.ts';
import { inOrders } from './order-invariants.ts';

/** What an order costs without what was called off of it; shipping stays. */
const DUE = `(o.shipping_minor + (SELECT sum(floor(l.total_minor * (l.quantity - l.cancelled_quantity)::numeric / l.quantity))::bigint
  FROM order_line l WHERE l.order_id = o.id))`;

/** Over the payments of an order; of a hold that was given back what was taken before, and what need not be because the goods came back first. */
const HELD_OR_TAKEN = `coalesce(sum(CASE WHEN p.voided_at IS NULL THEN p.authorized_minor ELSE p.captured_minor + p.waived_minor END), 0)`;

/** Over the payments of an order: what stays of it with us, and what may still be taken. */
const KEPT = `sum(p.captured_minor - p.refunded_minor
  + CASE WHEN p.voided_at IS NULL THEN greatest(0, least(p.authorized_minor, ${DUE}) - p.waived_minor - p.captured_minor) ELSE 0 END)`;

/** Of a return: staff made good for none of its refunds by hand, with an amount of their own. */
const REFUNDED_AT_ONCE = `NOT EXISTS (SELECT FROM payment_operation op WHERE op.status = 'FAILED' AND op.detail ->> 'returnId' = r.id)`;

/** Over the open operations of a payment. */
const underWay = (kind: 'CAPTURE' | 'REFUND') => `coalesce(sum(op.amount_minor) FILTER (WHERE op.kind = '${kind}'), 0)`;

/** Of payments: what orders keeps, what the payments service keeps, and the books of the sandbox provider. */
export const moneyInvariants: readonly Invariant[] = [
  inOrders(
    'what a payment says it took and gave back is what its ledger says',
    `SELECT p.id || ': captured ' || p.captured_minor || ', refunded ' || p.refunded_minor || '; the ledger says '
       || coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'CAPTURED'), 0) || ', '
       || coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'REFUNDED'), 0) AS offender
     FROM payment p LEFT JOIN payment_event e ON e.payment_id = p.id GROUP BY p.id
     HAVING p.captured_minor <> coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'CAPTURED'), 0)
       OR p.refunded_minor <> coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'REFUNDED'), 0)`,
  ),
  inOrders(
    'every amount taken has its order, and not more stays taken than what was not called off costs',
    `SELECT o.id || ' is ' || o.status || ', costs ' || ${DUE} || ', paid ' || sum(p.captured_minor - p.refunded_minor) AS offender
     FROM orders o JOIN payment p ON p.order_id = o.id WHERE o.updated_at < now() - make_interval(secs => $1) GROUP BY o.id
     HAVING sum(p.captured_minor - p.refunded_minor) > CASE WHEN o.status IN ('CONFIRMED', 'COMPLETED') THEN ${DUE} ELSE 0 END`,
    ({ graceSeconds }) => [graceSeconds],
  ),
  inOrders(
    'no order is paid twice',
    `SELECT order_id || ' has ' || count(*) || ' payments that hold or took money' AS offender FROM payment
     WHERE voided_at IS NULL AND authorized_minor > 0 AND authorized_minor > refunded_minor GROUP BY order_id HAVING count(*) > 1`,
  ),
  inOrders(
    'no money is held for an order that is over without a sale',
    `SELECT p.id || ' holds ' || p.authorized_minor - p.captured_minor || ' for ' || o.id || ', which is ' || o.status AS offender
     FROM payment p JOIN orders o ON o.id = p.order_id
     WHERE o.status IN ('REJECTED', 'CANCELLED', 'EXPIRED') AND p.voided_at IS NULL AND p.captured_minor < p.authorized_minor
       AND o.updated_at < now() - make_interval(secs => $1)`,
    ({ graceSeconds }) => [graceSeconds],
  ),
  inOrders(
    'what is set aside of a payment is what is under way',
    `SELECT p.id || ' sets aside ' || p.capture_pending_minor || ' and ' || p.refund_pending_minor || '; under way are ' || ${underWay('CAPTURE')}
       || ' and ' || ${underWay('REFUND')} AS offender
     FROM payment p LEFT JOIN payment_operation op ON op.payment_id = p.id AND op.status IN ('PENDING', 'UNKNOWN') GROUP BY p.id
     HAVING p.capture_pending_minor <> ${underWay('CAPTURE')} OR p.refund_pending_minor <> ${underWay('REFUND')}`,
  ),
  inOrders(
    'what came back is not paid for, nor held',
    `SELECT o.id || ' costs ' || ${DUE} || ', of which ' || sum(back.minor) || ' came back, and ' || ${KEPT} || ' is paid or held' AS offender
     FROM orders o JOIN (SELECT order_id, sum(refund_minor) AS minor FROM order_return r WHERE status = 'REFUNDED' AND ${REFUNDED_AT_ONCE} GROUP BY 1)
       AS back ON back.order_id = o.id JOIN payment p ON p.order_id = o.id GROUP BY o.id HAVING ${KEPT} > greatest(0, ${DUE} - max(back.minor))`,
  ),
  inOrders(
    'a confirmed order is paid for, or its money is held',
    `SELECT o.id || ' is ' || o.status || ' and its payments hold or took ' || ${HELD_OR_TAKEN} || ' of ' || ${DUE} AS offender
     FROM orders o LEFT JOIN payment p ON p.order_id = o.id WHERE o.status IN ('CONFIRMED', 'COMPLETED') AND o.total_minor > 0 GROUP BY o.id
     HAVING ${HELD_OR_TAKEN} < ${DUE}`,
  ),
  inOrders(
    'no money is held for what was called off',
    `SELECT p.id || ' holds ' || p.authorized_minor - p.captured_minor || ' for ' || o.id AS offender
     FROM payment p JOIN orders o ON o.id = p.order_id
     WHERE o.status = 'COMPLETED' AND p.voided_at IS NULL AND p.authorized_minor > p.captured_minor
       AND EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id AND l.cancelled_quantity > 0)
       AND o.updated_at < now() - make_interval(secs => $1)`,
    ({ graceSeconds }) => [graceSeconds],
  ),
  {
    title: 'orders, payments and the provider have the same books',
    async offenders(books) {
      const readers = {
        payments: <Row extends QueryResultRow>(sql: string, values: readonly unknown[]) => books.read<Row>('payments', sql, values),
        orders: <Row extends QueryResultRow>(sql: string, values: readonly unknown[]) => books.read<Row>('orders', sql, values),
      };
      const found = await disagreementsOf({ ...readers, graceSeconds: books.graceSeconds });
      return found.map(({ paymentId, problem }) => `${paymentId}: ${problem}`);
    },
  },
  { title: 'no money is held or taken for an order that does not know of it', offenders: unknownPayments },
  inOrders(
    'every call to the provider has an outcome',
    `SELECT key || ' ' || kind || ' is ' || status AS offender FROM payment_operation
     WHERE status IN ('PENDING', 'UNKNOWN') AND created_at < now() - make_interval(secs => $1)`,
    ({ graceSeconds }) => [graceSeconds],
  ),
];

async function unknownPayments(books: Books): Promise<readonly string[]> {
  const known = await books.read<{ ref: string }>('orders', 'SELECT provider_ref AS ref FROM payment WHERE provider_ref IS NOT NULL');
  const rows = await books.read<{ offender: string; id: string }>(
    'payments',
    `SELECT id, id || ' holds or took ' || authorized_minor - refunded_minor AS offender FROM payment
     WHERE authorized_minor > refunded_minor AND status <> 'VOIDED' AND created_at < now() - make_interval(secs => $1)`,
    [books.graceSeconds],
  );
  const refs = new Set(known.map(({ ref }) => ref));
  return rows.filter(({ id }) => !refs.has(id)).map(({ offender }) => offender);
}
