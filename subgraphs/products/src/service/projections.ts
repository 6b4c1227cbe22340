import type { Tx } from '../data/client.ts';
import { addSales, setRating } from '../data/products.ts';

export type { Tx } from '../data/client.ts';

/** Takes over a product's whole rating, so that the last event is right whatever came before. */
export function recordRating(
  tx: Tx,
  productId: string,
  rating: { readonly average: number | null; readonly count: number },
): Promise<void> {
  return setRating(tx, productId, rating);
}

/** Counts units of a confirmed order. */
export function recordSales(tx: Tx, lines: readonly { readonly productId: string; readonly quantity: number }[]): Promise<void> {
  return addSales(tx, lines);
}
