import { seedId } from '../core/ids.ts';
import { catalogueSpec } from './categories.ts';
import type { CategoryRow, LocationRow } from './rows.ts';

/** The day the demo shop opened its books; older than everything in it. */
export const SHOP_OPENED = new Date('2023-06-01T08:00:00.000Z');

/** Two levels: eight menu entries, their leaves below. Products hang on leaves. Parents come first. */
export function categoryRows(): CategoryRow[] {
  const tops = catalogueSpec.map(({ slug, name }, position) => ({ id: categoryId(slug), slug, name, parentId: null, position }));
  const leaves = catalogueSpec.flatMap((category) =>
    category.leaves.map(({ slug, name }, position) => ({ id: leafId(slug), slug, name, parentId: categoryId(category.slug), position })),
  );
  return [...tops, ...leaves];
}

/** Three warehouses. */
export function locationRows(): LocationRow[] {
  return (
    [
      ['rtm', 'Rotterdam'],
      ['lej', 'Leipzig'],
      ['opo', 'Porto'],
    ] as const
  ).map(([code, name]) => ({ id: seedId('loc', code, SHOP_OPENED), code, name }));
}

/** Id of a menu entry. */
export function categoryId(slug: string): string {
  return seedId('cat', slug, SHOP_OPENED);
}

/** Id of a leaf of the tree. */
export function leafId(slug: string): string {
  return seedId('cat', `leaf/${slug}`, SHOP_OPENED);
}
