import { newId } from '@app/database';
import type { Database } from '../data/client.ts';

/** A product on sale with variants and stock, as a test needs it. */
export interface Fixture {
  readonly productId: string;
  readonly variantIds: readonly string[];
  readonly locationIds: readonly string[];
}

/** Writes a product on sale whose variants lie on shelves with these units: `stock[variant][location]`. */
export async function productWithStock(db: Database, stock: readonly (readonly number[])[]): Promise<Fixture> {
  const productId = newId('prd');
  const locationIds = (stock[0] ?? []).map(() => newId('loc')).sort();
  const variantIds = stock.map(() => newId('var')).sort();
  await db.stockLocation.createMany({ data: locationIds.map((id) => ({ id, code: id, name: id.slice(-6) })) });
  await db.product.create({
    data: {
      id: productId,
      slug: productId.replace('_', '-'),
      title: `Lamp ${productId.slice(-6)}`,
      description: 'A lamp.',
      status: 'ACTIVE',
    },
  });
  await db.productVariant.createMany({
    data: variantIds.map((id, position) => ({ id, productId, sku: id.slice(-12), title: `Size ${position}`, position })),
  });
  const validFrom = new Date('2026-01-01T00:00:00Z');
  await db.price.createMany({ data: variantIds.map((variantId) => ({ variantId, currency: 'EUR', minor: 1290n, validFrom })) });
  const rows = stock.flatMap((shelves, v) =>
    shelves.map((onHand, l) => ({ variantId: variantIds[v] ?? '', locationId: locationIds[l] ?? '', onHand })),
  );
  await db.stock.createMany({ data: rows });
  return { productId, variantIds, locationIds };
}

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
