import type { Tx } from './client.ts';

/** A shelf: a variant at a location. */
export interface Shelf {
  readonly variantId: string;
  readonly locationId: string;
}

/** A change of what is on a shelf. */
export interface ShelfChange extends Shelf {
  readonly delta: number;
}

/** What is on a shelf, locked. */
export interface LockedShelf extends Shelf {
  readonly onHand: number;
  readonly reserved: number;
}

/** Locks the shelves in the order of everybody, making those that are not there yet. */
export async function lockShelves(tx: Tx, shelves: readonly Shelf[]): Promise<LockedShelf[]> {
  const json = JSON.stringify(shelves.map(({ variantId, locationId }) => ({ variant_id: variantId, location_id: locationId })));
  await tx.$executeRaw`
    INSERT INTO stock (variant_id, location_id)
    SELECT variant_id, location_id FROM jsonb_to_recordset(${json}::jsonb) AS row(variant_id text, location_id text)
    ORDER BY variant_id, location_id ON CONFLICT DO NOTHING`;
  return tx.$queryRaw<LockedShelf[]>`
    SELECT s.variant_id AS "variantId", s.location_id AS "locationId", s.on_hand AS "onHand", s.reserved
    FROM stock s JOIN jsonb_to_recordset(${json}::jsonb) AS row(variant_id text, location_id text)
      ON row.variant_id = s.variant_id AND row.location_id = s.location_id
    ORDER BY s.variant_id, s.location_id FOR NO KEY UPDATE OF s`;
}

/** Why shelves change. */
export interface AdjustmentFacts {
  readonly sourceId: string;
  readonly reason: string;
  readonly actorId: string;
}

/** Changes locked shelves and notes each change. */
export async function adjustShelves(
  tx: Tx,
  changes: readonly ShelfChange[],
  { sourceId, reason, actorId }: AdjustmentFacts,
): Promise<void> {
  const json = JSON.stringify(
    changes.map(({ variantId, locationId, delta }) => ({ variant_id: variantId, location_id: locationId, delta })),
  );
  await tx.$executeRaw`
    WITH change AS (
      SELECT * FROM jsonb_to_recordset(${json}::jsonb) AS row(variant_id text, location_id text, delta int)
    ), noted AS (
      INSERT INTO stock_movement (source_kind, source_id, variant_id, location_id, delta, reason, actor_id)
      SELECT 'ADJUSTMENT', ${sourceId}, variant_id, location_id, delta, ${reason}, ${actorId} FROM change
    )
    UPDATE stock s SET on_hand = s.on_hand + change.delta, version = s.version + 1
    FROM change WHERE s.variant_id = change.variant_id AND s.location_id = change.location_id`;
}
