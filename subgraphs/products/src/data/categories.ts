import type { Category, Collection } from '../domain/product.ts';
import type { Tx } from './client.ts';

const categorySelection = { id: true, slug: true, name: true, parentId: true } as const;
const collectionSelection = { id: true, slug: true, title: true } as const;

export async function findCategories(db: Tx, ids: readonly string[]): Promise<Category[]> {
  return db.category.findMany({ where: { id: { in: [...ids] } }, select: categorySelection });
}

export async function findCategoryBySlug(db: Tx, slug: string): Promise<Category | null> {
  return db.category.findUnique({ where: { slug }, select: categorySelection });
}

/** Children of these categories, in the order of the menu. */
export async function findChildren(db: Tx, parentIds: readonly string[]): Promise<Category[]> {
  const where = { parentId: { in: [...parentIds] } };
  return db.category.findMany({ where, select: categorySelection, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
}

/** Categories at the root, in the order of the menu. */
export async function findRoots(db: Tx): Promise<Category[]> {
  return db.category.findMany({ where: { parentId: null }, select: categorySelection, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
}

export async function findCollections(db: Tx, ids: readonly string[]): Promise<Collection[]> {
  return db.collection.findMany({ where: { id: { in: [...ids] } }, select: collectionSelection });
}

export async function findCollectionBySlug(db: Tx, slug: string): Promise<Collection | null> {
  return db.collection.findUnique({ where: { slug }, select: collectionSelection });
}

/** Collections of these products, by title. */
export async function findCollectionsOf(db: Tx, productIds: readonly string[]): Promise<{ productId: string; collection: Collection }[]> {
  return db.collectionProduct.findMany({
    where: { productId: { in: [...productIds] } },
    select: { productId: true, collection: { select: collectionSelection } },
    orderBy: [{ collection: { title: 'asc' } }, { collectionId: 'asc' }],
  });
}

/** Puts the product into exactly these collections; at the end of those it was not in. */
export async function replaceCollections(tx: Tx, productId: string, collectionIds: readonly string[]): Promise<void> {
  await tx.collectionProduct.deleteMany({ where: { productId, collectionId: { notIn: [...collectionIds] } } });
  await tx.$executeRaw`
    INSERT INTO collection_product (collection_id, product_id, position)
    SELECT c.id, ${productId}, coalesce((SELECT max(m.position) + 1 FROM collection_product m WHERE m.collection_id = c.id), 0)
    FROM collection c WHERE c.id = ANY (${[...collectionIds]}::text[])
    ON CONFLICT DO NOTHING`;
}
