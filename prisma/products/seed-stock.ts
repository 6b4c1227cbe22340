import type { VariantRow } from '../seed/catalogue/rows.ts';
import { locationRows } from '../seed/catalogue/tree.ts';
import { HOUR_MS, plus, SEED_NOW } from '../seed/core/calendar.ts';
import type { TableRows } from '../seed/core/fill-database.ts';
import { seedId } from '../seed/core/ids.ts';
import type { ReservationRow } from '../seed/orders/reservations.ts';

/** Units on the shelf are the free ones and those that open orders have reserved there. */
export function stockTables(variants: readonly VariantRow[], reservations: readonly ReservationRow[]): TableRows[] {
  const locations = locationRows();
  const locationId = (index: number): string => locations[index]?.id ?? '';
  const reserved = new Map<string, number>();
  for (const { variantId, location, quantity } of reservations) {
    const key = `${variantId}/${location}`;
    reserved.set(key, (reserved.get(key) ?? 0) + quantity);
  }
  const shelves = variants.flatMap((variant) =>
    variant.freeStock.map((free, index) => {
      const held = reserved.get(`${variant.id}/${index}`) ?? 0;
      return { variant_id: variant.id, location_id: locationId(index), on_hand: free + held, reserved: held, version: 1 };
    }),
  );
  return [
    { table: 'stock', rows: shelves },
    {
      table: 'reservation',
      rows: reservations.map((row) => ({
        order_id: row.orderId,
        variant_id: row.variantId,
        location_id: locationId(row.location),
        quantity: row.quantity,
        state: row.state,
        expires_at: row.expiresAt,
        created_at: row.createdAt,
      })),
    },
    { table: 'stock_movement', rows: shelves.filter(({ on_hand }) => on_hand > 0).map(movementRow) },
  ];
}

/** The stock-take that every later movement counts from. */
function movementRow(shelf: { variant_id: string; location_id: string; on_hand: number }): Record<string, unknown> {
  const countedAt = plus(SEED_NOW, -HOUR_MS);
  return {
    id: seedId('mov', `${shelf.variant_id}/${shelf.location_id}`, countedAt),
    source_kind: 'INITIAL',
    source_id: 'seed',
    variant_id: shelf.variant_id,
    location_id: shelf.location_id,
    delta: shelf.on_hand,
    reason: 'Stock-take',
    recorded_at: countedAt,
  };
}
