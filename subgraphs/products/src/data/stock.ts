import type { Tx } from './client.ts';

/** Free units of a variant over all locations. */
export async function findFreeUnits(db: Tx, variantIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ variantId: string; free: number }[]>`
    SELECT variant_id AS "variantId", sum(on_hand - reserved)::int AS free FROM stock
    WHERE variant_id = ANY (${[...variantIds]}::text[]) GROUP BY variant_id`;
  return new Map(rows.map(({ variantId, free }) => [variantId, free]));
}

/** What lies where: for staff only. */
export interface StockLevel {
  readonly variantId: string;
  readonly location: { readonly id: string; readonly name: string };
  readonly onHand: number;
  readonly reserved: number;
  readonly version: number;
}

export async function findStockLevels(db: Tx, variantIds: readonly string[]): Promise<StockLevel[]> {
  return db.stock.findMany({
    where: { variantId: { in: [...variantIds] } },
    select: { variantId: true, onHand: true, reserved: true, version: true, location: { select: { id: true, name: true } } },
    orderBy: [{ variantId: 'asc' }, { location: { code: 'asc' } }],
  });
}

export async function findLocations(db: Tx, ids: readonly string[]): Promise<string[]> {
  return (await db.stockLocation.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })).map(({ id }) => id);
}
