import type { UnitLine } from '../domain/order-lines.ts';
import type { Tx } from './client.ts';

/** One variant of a reservation as it was decided. */
export interface ReservedLine {
  readonly variantId: string;
  readonly productId: string | null;
  readonly requested: number;
  /** Free units over all locations before. */
  readonly available: number;
  /** False for all lines when one of them is short. */
  readonly isReserved: boolean;
}

/** One command of an order at a time: what it holds cannot change under a command that looks at it first. */
export async function lockOrder(tx: Tx, orderId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`order:${orderId}`}, 7264))::text`;
}

/** Units that an order holds or owns, per variant. */
export async function findReserved(tx: Tx, orderId: string): Promise<UnitLine[]> {
  const rows = await tx.reservation.groupBy({
    by: ['variantId'],
    where: { orderId },
    _sum: { quantity: true },
    orderBy: { variantId: 'asc' },
  });
  return rows.map(({ variantId, _sum }) => ({ variantId, quantity: _sum.quantity ?? 0 }));
}

/**
 * Holds all lines or none. The shelves of all wanted variants are locked in one order for everybody, so that no two carts
 * wait for each other; then one statement decides, on a snapshot taken under these locks; the lines of one variant count
 * together; each variant is taken from the fullest shelf first. Measured against reading first and against locking in the
 * order of the cart: COMMERCE, findings 1 to 3. Locking inside the deciding statement saves a round trip, but among
 * shipments and releases it now and then decided on counters that had changed (the CHECK of the table
 * refused those). `lines` name each variant once.
 */
export async function reserveUnits(
  tx: Tx,
  { orderId, lines, expiresAt }: { readonly orderId: string; readonly lines: readonly UnitLine[]; readonly expiresAt: Date },
): Promise<ReservedLine[]> {
  await tx.$queryRaw`
    SELECT FROM stock WHERE variant_id = ANY (${lines.map(({ variantId }) => variantId)}::text[])
    ORDER BY variant_id, location_id FOR NO KEY UPDATE`;
  return tx.$queryRaw<ReservedLine[]>`
    WITH wanted AS (
      SELECT variant_id, quantity FROM jsonb_to_recordset(${linesJson(lines)}::jsonb) AS line(variant_id text, quantity int)
    ), shelf AS MATERIALIZED (
      SELECT s.variant_id, s.location_id, s.on_hand - s.reserved AS free
      FROM stock s JOIN wanted w ON w.variant_id = s.variant_id
      JOIN product_variant v ON v.id = s.variant_id AND v.archived_at IS NULL
      JOIN product p ON p.id = v.product_id AND p.status = 'ACTIVE'
    ), total AS (
      SELECT w.variant_id, w.quantity AS requested, coalesce(sum(shelf.free), 0)::int AS available
      FROM wanted w LEFT JOIN shelf ON shelf.variant_id = w.variant_id GROUP BY w.variant_id, w.quantity
    ), verdict AS (
      SELECT bool_and(available >= requested) AS fits FROM total
    ), share AS (
      SELECT shelf.variant_id, shelf.location_id, least(shelf.free, w.quantity - (
        sum(shelf.free) OVER (PARTITION BY shelf.variant_id ORDER BY shelf.free DESC, shelf.location_id ROWS UNBOUNDED PRECEDING) - shelf.free
      ))::int AS quantity
      FROM shelf JOIN wanted w ON w.variant_id = shelf.variant_id, verdict WHERE verdict.fits
    ), counted AS (
      UPDATE stock s SET reserved = s.reserved + share.quantity, version = s.version + 1
      FROM share WHERE s.variant_id = share.variant_id AND s.location_id = share.location_id AND share.quantity > 0
    ), held AS (
      INSERT INTO reservation (order_id, variant_id, location_id, quantity, state, expires_at)
      SELECT ${orderId}, variant_id, location_id, quantity, 'HELD', ${expiresAt}::timestamptz FROM share WHERE quantity > 0
    )
    SELECT t.variant_id AS "variantId", v.product_id AS "productId", t.requested, t.available, verdict.fits AS "isReserved"
    FROM total t CROSS JOIN verdict LEFT JOIN product_variant v ON v.id = t.variant_id ORDER BY t.variant_id`;
}

/** Lets an order's hold last at least until then. */
export async function extendHold(tx: Tx, orderId: string, expiresAt: Date): Promise<void> {
  await tx.reservation.updateMany({ where: { orderId, state: 'HELD', expiresAt: { lt: expiresAt } }, data: { expiresAt } });
}

/** Gives back what an order holds or owns (with `lapsedAt`: holds that ended by then); answers the products that it was of. */
export async function releaseUnits(tx: Tx, orderId: string, lapsedAt: Date | null = null): Promise<string[]> {
  const rows = await tx.$queryRaw<{ productId: string }[]>`
    WITH gone AS (
      DELETE FROM reservation WHERE order_id = ${orderId}
        AND (${lapsedAt}::timestamptz IS NULL OR (state = 'HELD' AND expires_at <= ${lapsedAt}::timestamptz))
      RETURNING variant_id, location_id, quantity
    ), shelf AS MATERIALIZED (
      SELECT s.variant_id, s.location_id, gone.quantity FROM stock s
      JOIN gone ON gone.variant_id = s.variant_id AND gone.location_id = s.location_id
      ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
    ), counted AS (
      UPDATE stock s SET reserved = s.reserved - shelf.quantity, version = s.version + 1
      FROM shelf WHERE s.variant_id = shelf.variant_id AND s.location_id = shelf.location_id
    )
    SELECT DISTINCT v.product_id AS "productId" FROM gone JOIN product_variant v ON v.id = gone.variant_id`;
  return rows.map(({ productId }) => productId);
}

/** Turns an order's hold into an allocation; answers whether the order owns units now, or owned them and shipped them. */
export async function allocateHold(tx: Tx, orderId: string): Promise<boolean> {
  const { count } = await tx.reservation.updateMany({ where: { orderId, state: 'HELD' }, data: { state: 'ALLOCATED', expiresAt: null } });
  if (count > 0) return true;
  if (await tx.reservation.findFirst({ where: { orderId, state: 'ALLOCATED' }, select: { orderId: true } })) return true;
  return (await tx.stockMovement.findFirst({ where: { orderId, sourceKind: 'SHIPMENT' }, select: { id: true } })) !== null;
}

/** Orders whose holds ended by then, the longest ago first. */
export async function findLapsedOrders(db: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ orderId: string }[]>`
    SELECT order_id AS "orderId" FROM reservation WHERE state = 'HELD' AND expires_at <= ${now}::timestamptz
    GROUP BY order_id ORDER BY min(expires_at) LIMIT ${limit}::int`;
  return rows.map(({ orderId }) => orderId);
}

/** Shelves whose counters disagree with the rows they count. */
export interface StockDisagreement {
  readonly variantId: string;
  readonly locationId: string;
  readonly reserved: number;
  readonly sumOfReservations: number;
}

/** The audit: a CHECK cannot see a lost update, this can. Empty when all is well. */
export async function findStockDisagreements(db: Tx): Promise<StockDisagreement[]> {
  return db.$queryRaw<StockDisagreement[]>`
    SELECT s.variant_id AS "variantId", s.location_id AS "locationId", s.reserved, coalesce(sum(r.quantity), 0)::int AS "sumOfReservations"
    FROM stock s LEFT JOIN reservation r ON r.variant_id = s.variant_id AND r.location_id = s.location_id
    GROUP BY s.variant_id, s.location_id HAVING s.reserved <> coalesce(sum(r.quantity), 0)
    ORDER BY s.variant_id, s.location_id`;
}

/** Lines as a JSON parameter. */
export function linesJson(lines: readonly UnitLine[]): string {
  return JSON.stringify(lines.map(({ variantId, quantity }) => ({ variant_id: variantId, quantity })));
}
