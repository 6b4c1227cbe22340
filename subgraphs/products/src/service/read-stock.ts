import { findFreeUnits, findStockLevels, type StockLevel } from '../data/stock.ts';
import { type Availability, availabilityOf } from '../domain/availability.ts';
import type { Variant } from '../domain/product.ts';
import { requireScope } from './access.ts';
import type { ProductsApp, Viewer } from './ports.ts';

export type { StockLevel } from '../data/stock.ts';

/** What the public may know of these variants' stock, in their order. */
export async function readAvailability({ db }: ProductsApp, variants: readonly Variant[]): Promise<Availability[]> {
  const free = await findFreeUnits(
    db,
    variants.map(({ id }) => id),
  );
  return variants.map(({ id, restockExpectedAt }) => availabilityOf(free.get(id) ?? 0, restockExpectedAt !== null));
}

/** Exact stock by location. @throws {AppError} UNAUTHENTICATED or FORBIDDEN without inventory:read. */
export async function readStockLevels({ db }: ProductsApp, viewer: Viewer, variantIds: readonly string[]): Promise<StockLevel[]> {
  requireScope(viewer, 'inventory:read');
  return findStockLevels(db, variantIds);
}
