import type { Tx } from './client.ts';

/** The `art` column of a product or variant; undefined when there is no such thing. */
export async function findArt(db: Tx, id: string): Promise<unknown> {
  const query = { where: { id }, select: { art: true } } as const;
  const row = id.startsWith('var_') ? await db.productVariant.findUnique(query) : await db.product.findUnique(query);
  return row?.art;
}
