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
  { title: 'every parcel that was sent left the shelves, and what came back is on them', offenders: unequalToMoved },
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

/** Orders that were placed here (the demo's history was not) and have not been changed lately. */
const CONFIRMED_LINES = `
  SELECT o.id AS "orderId", l.variant_id AS "variantId", sum(l.quantity - l.cancelled_quantity)::int AS units FROM orders o JOIN order_line l ON l.order_id = o.id
  WHERE o.status IN ('CONFIRMED', 'COMPLETED') AND o.updated_at < now() - make_interval(secs => $1)
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

/** What left with parcels and came back, by order and variant, as orders says it. Orders that something is under way of are left out. */
const SENT_AND_BACK = `
  SELECT o.id AS "orderId", l.variant_id AS "variantId", sum(l.returned_quantity)::int AS back, sum((
    SELECT coalesce(sum(c.quantity), 0) FROM fulfillment_line c JOIN fulfillment f ON f.id = c.fulfillment_id
    WHERE c.order_line_id = l.id AND f.status IN ('SHIPPED', 'DELIVERED')))::int AS sent
  FROM orders o JOIN order_line l ON l.order_id = o.id
  WHERE EXISTS (SELECT FROM event e WHERE e.stream_type = 'order' AND e.stream_id = o.id AND e.type = 'order.confirmed')
    AND NOT EXISTS (SELECT FROM workflow.run r WHERE r.subject = o.id AND r.ended_at IS NULL)
  GROUP BY 1, 2`;

const LEFT_AND_RETURNED = `
  SELECT order_id AS "orderId", variant_id AS "variantId", coalesce(-sum(delta) FILTER (WHERE source_kind = 'SHIPMENT'), 0)::int AS sent,
    coalesce(sum(delta) FILTER (WHERE source_kind = 'RESTOCK'), 0)::int AS back
  FROM stock_movement WHERE order_id = ANY($1) GROUP BY 1, 2`;

interface Moved {
  readonly orderId: string;
  readonly variantId: string;
  readonly sent: number;
  readonly back: number;
}

async function unequalToMoved(books: Books): Promise<readonly string[]> {
  const told = await books.read<Moved>('orders', SENT_AND_BACK);
  const moved = await books.read<Moved>('products', LEFT_AND_RETURNED, [[...new Set(told.map(({ orderId }) => orderId))]]);
  const known = new Map(moved.map((row) => [`${row.orderId} ${row.variantId}`, row]));
  return told.flatMap(({ orderId, variantId, sent, back }) => {
    const other = known.get(`${orderId} ${variantId}`) ?? { sent: 0, back: 0 };
    if (other.sent === sent && other.back === back) return [];
    return [
      `${orderId}: of ${variantId} ${sent} were sent and ${back} came back, on the shelves ${other.sent} left and ${other.back} came back`,
    ];
  });
}
