import type { UnitLine } from '../domain/order-lines.ts';
import type { Tx } from './client.ts';
import { linesJson } from './reservations.ts';

/** Whether this shipment or return moved units already. */
export async function isMoved(tx: Tx, sourceKind: 'SHIPMENT' | 'RESTOCK', sourceId: string): Promise<boolean> {
  return (await tx.stockMovement.findFirst({ where: { sourceKind, sourceId }, select: { id: true } })) !== null;
}

/** What is moved, for which order, because of what. */
export interface Move {
  readonly orderId: string;
  readonly sourceId: string;
  readonly lines: readonly UnitLine[];
}

/** Takes units that an order owns out of stock, all lines or none; answers whether it did. */
export async function shipUnits(tx: Tx, { orderId, sourceId, lines }: Move): Promise<boolean> {
  const rows = await tx.$queryRaw<{ fits: boolean }[]>`
    WITH wanted AS (
      SELECT variant_id, quantity FROM jsonb_to_recordset(${linesJson(lines)}::jsonb) AS line(variant_id text, quantity int)
    ), shelf AS MATERIALIZED (
      SELECT s.variant_id, s.location_id, r.quantity AS owned FROM stock s
      JOIN reservation r ON r.variant_id = s.variant_id AND r.location_id = s.location_id
      JOIN wanted w ON w.variant_id = s.variant_id
      WHERE r.order_id = ${orderId} AND r.state = 'ALLOCATED'
      ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
    ), verdict AS (
      SELECT bool_and(coalesce((SELECT sum(owned) FROM shelf WHERE shelf.variant_id = w.variant_id), 0) >= w.quantity) AS fits FROM wanted w
    ), share AS (
      SELECT shelf.variant_id, shelf.location_id, shelf.owned, least(shelf.owned, w.quantity - (
        sum(shelf.owned) OVER (PARTITION BY shelf.variant_id ORDER BY shelf.location_id ROWS UNBOUNDED PRECEDING) - shelf.owned
      ))::int AS quantity
      FROM shelf JOIN wanted w ON w.variant_id = shelf.variant_id, verdict WHERE verdict.fits
    ), counted AS (
      UPDATE stock s SET on_hand = s.on_hand - share.quantity, reserved = s.reserved - share.quantity, version = s.version + 1
      FROM share WHERE s.variant_id = share.variant_id AND s.location_id = share.location_id AND share.quantity > 0
    ), lessened AS (
      UPDATE reservation r SET quantity = r.quantity - share.quantity
      FROM share WHERE r.order_id = ${orderId} AND r.variant_id = share.variant_id AND r.location_id = share.location_id
        AND share.quantity BETWEEN 1 AND share.owned - 1
    ), finished AS (
      DELETE FROM reservation r USING share
      WHERE r.order_id = ${orderId} AND r.variant_id = share.variant_id AND r.location_id = share.location_id AND share.quantity = share.owned
    ), noted AS (
      INSERT INTO stock_movement (source_kind, source_id, variant_id, location_id, delta, order_id)
      SELECT 'SHIPMENT', ${sourceId}, variant_id, location_id, -quantity, ${orderId} FROM share WHERE quantity > 0
    )
    SELECT fits FROM verdict`;
  return rows[0]?.fits ?? false;
}

/** Puts units back on the shelf they were shipped from, or the variant's first one; answers how many variants found one. */
export async function restockUnits(tx: Tx, { orderId, sourceId, lines }: Move): Promise<number> {
  const rows = await tx.$queryRaw<{ found: number }[]>`
    WITH wanted AS (
      SELECT variant_id, quantity FROM jsonb_to_recordset(${linesJson(lines)}::jsonb) AS line(variant_id text, quantity int)
    ), target AS (
      SELECT w.variant_id, w.quantity, coalesce(
        (SELECT m.location_id FROM stock_movement m
          WHERE m.order_id = ${orderId} AND m.source_kind = 'SHIPMENT' AND m.variant_id = w.variant_id ORDER BY m.recorded_at, m.location_id LIMIT 1),
        (SELECT min(s.location_id) FROM stock s WHERE s.variant_id = w.variant_id)) AS location_id
      FROM wanted w
    ), shelf AS MATERIALIZED (
      SELECT s.variant_id, s.location_id, target.quantity FROM stock s
      JOIN target ON target.variant_id = s.variant_id AND target.location_id = s.location_id
      ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s
    ), counted AS (
      UPDATE stock s SET on_hand = s.on_hand + shelf.quantity, version = s.version + 1
      FROM shelf WHERE s.variant_id = shelf.variant_id AND s.location_id = shelf.location_id
    ), noted AS (
      INSERT INTO stock_movement (source_kind, source_id, variant_id, location_id, delta, order_id)
      SELECT 'RESTOCK', ${sourceId}, variant_id, location_id, quantity, ${orderId} FROM shelf
    )
    SELECT count(*)::int AS found FROM shelf`;
  return rows[0]?.found ?? 0;
}
