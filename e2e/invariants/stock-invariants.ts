import type { Books } from './books.ts';
import type { Invariant } from './invariant.ts';

/** Of the shelves of products, and of what orders hold and took of them. */
export const stockInvariants: readonly Invariant[] = [
  inProducts(
    'what is on hand is the sum of all movements',
    `SELECT s.variant_id || ' at ' || s.location_id || ': on hand ' || s.on_hand || ', moved ' || coalesce(sum(m.delta), 0) AS offender
     FROM stock s LEFT JOIN stock_movement m USING (variant_id, location_id)
     GROUP BY s.variant_id, s.location_id HAVING s.on_hand <> coalesce(sum(m.delta), 0)`,
  ),
  inProducts(
    'what is reserved is the sum of all reservations, and not more than is on hand',
    `SELECT s.variant_id || ' at ' || s.location_id || ': reserved ' || s.reserved || ', held ' || coalesce(sum(r.quantity), 0)
       || ', on hand ' || s.on_hand AS offender
     FROM stock s LEFT JOIN reservation r USING (variant_id, location_id)
     GROUP BY s.variant_id, s.location_id HAVING s.reserved <> coalesce(sum(r.quantity), 0) OR s.reserved > s.on_hand OR s.on_hand < 0`,
  ),
  inProducts(
    'no hold outlives its time',
    `SELECT order_id || ' holds ' || variant_id || ' since ' || expires_at AS offender FROM reservation
     WHERE state = 'HELD' AND expires_at < now() - make_interval(secs => $1)`,
    true,
  ),
  { title: 'no order that is over holds stock, and none is unknown', offenders: heldByFinished },
  { title: 'a confirmed order owns or was sent exactly what was bought and not called off', offenders: unequalToBought },
];

function inProducts(title: string, sql: string, isGraced = false): Invariant {
  return {
    title,
    offenders: async (books) => {
      const rows = await books.read<{ offender: string }>('products', sql, isGraced ? [books.graceSeconds] : []);
      return rows.map(({ offender }) => offender);
    },
  };
}

async function heldByFinished(books: Books): Promise<readonly string[]> {
  const held = await books.read<{ order_id: string }>(
    'products',
    'SELECT DISTINCT order_id FROM reservation WHERE created_at < now() - make_interval(secs => $1)',
    [books.graceSeconds],
  );
  const ids = held.map(({ order_id }) => order_id);
  const orders = await books.read<{ id: string; status: string; isSettled: boolean }>(
    'orders',
    `SELECT id, status::text, updated_at < now() - make_interval(secs => $2) AS "isSettled" FROM orders WHERE id = ANY($1)`,
    [ids, books.graceSeconds],
  );
  const byId = new Map(orders.map((order) => [order.id, order]));
  return ids.flatMap((id) => {
    const order = byId.get(id);
    if (order === undefined) return [`${id} holds stock and is no order`];
    const isOver = ['CANCELLED', 'REJECTED', 'EXPIRED', 'COMPLETED'].includes(order.status);
    return isOver && order.isSettled ? [`${id} is ${order.status} and holds stock`] : [];
  });
}

/** Orders that were placed here (the demo's history was not), have not been changed lately, and of which nothing was given back. */
const CONFIRMED_LINES = `
  SELECT o.id AS "orderId", l.variant_id AS "variantId", sum(l.quantity - l.cancelled_quantity)::int AS units FROM orders o JOIN order_line l ON l.order_id = o.id
  WHERE o.status IN ('CONFIRMED', 'COMPLETED') AND o.updated_at < now() - make_interval(secs => $1)
    AND o.payment_status NOT IN ('REFUNDED', 'PARTIALLY_REFUNDED')
    AND NOT EXISTS (SELECT FROM order_return r WHERE r.order_id = o.id)
    AND EXISTS (SELECT FROM event e WHERE e.stream_type = 'order' AND e.stream_id = o.id AND e.type = 'order.confirmed')
  GROUP BY o.id, l.variant_id HAVING sum(l.quantity - l.cancelled_quantity) > 0`;

const OWNED_OR_SENT = `
  SELECT "orderId", "variantId", sum(units)::int AS units FROM (
    SELECT order_id AS "orderId", variant_id AS "variantId", quantity AS units FROM reservation WHERE state = 'ALLOCATED'
    UNION ALL
    SELECT order_id, variant_id, -delta FROM stock_movement WHERE source_kind = 'SHIPMENT'
  ) AS taken WHERE "orderId" = ANY($1) GROUP BY 1, 2`;

interface Units {
  readonly orderId: string;
  readonly variantId: string;
  readonly units: number;
}

async function unequalToBought(books: Books): Promise<readonly string[]> {
  const bought = await books.read<Units>('orders', CONFIRMED_LINES, [books.graceSeconds]);
  const ids = [...new Set(bought.map(({ orderId }) => orderId))];
  const taken = await books.read<Units>('products', OWNED_OR_SENT, [ids]);
  const unitsOf = new Map(taken.map(({ orderId, variantId, units }) => [`${orderId} ${variantId}`, units]));
  const short = bought.filter(({ orderId, variantId, units }) => unitsOf.get(`${orderId} ${variantId}`) !== units);
  const known = new Set(bought.map(({ orderId, variantId }) => `${orderId} ${variantId}`));
  const extra = taken.filter(({ orderId, variantId }) => !known.has(`${orderId} ${variantId}`));
  return [
    ...short.map(({ orderId, variantId, units }) => {
      return `${orderId}: ${units} of ${variantId} bought, ${unitsOf.get(`${orderId} ${variantId}`) ?? 0} owned or sent`;
    }),
    ...extra.map(({ orderId, variantId, units }) => `${orderId}: ${units} of ${variantId} owned or sent, none bought`),
  ];
}
