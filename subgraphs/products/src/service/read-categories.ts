import { isId } from '@app/database';
import {
  findCategories,
  findCategoryBySlug,
  findChildren,
  findCollectionBySlug,
  findCollections,
  findCollectionsOf,
  findRoots,
} from '../data/categories.ts';
import type { Category, Collection } from '../domain/product.ts';
import type { ProductsApp } from './ports.ts';
import { isSearchable } from './read-products.ts';

export function readCategories({ db }: ProductsApp, ids: readonly string[]): Promise<Category[]> {
  const known = ids.filter((id) => isId('cat', id));
  return known.length === 0 ? Promise.resolve([]) : findCategories(db, known);
}

export async function readCategoryBySlug({ db }: ProductsApp, slug: string): Promise<Category | null> {
  return isSearchable(slug) ? findCategoryBySlug(db, slug) : null;
}

/** Categories at the root, or those below one; none below what is not a category. */
export function readLevel({ db }: ProductsApp, parentId: string | null): Promise<Category[]> {
  if (parentId === null) return findRoots(db);
  return isId('cat', parentId) ? findChildren(db, [parentId]) : Promise.resolve([]);
}

export function readChildren({ db }: ProductsApp, parentIds: readonly string[]): Promise<Category[]> {
  return findChildren(db, parentIds);
}

export function readCollections({ db }: ProductsApp, ids: readonly string[]): Promise<Collection[]> {
  const known = ids.filter((id) => isId('col', id));
  return known.length === 0 ? Promise.resolve([]) : findCollections(db, known);
}

export async function readCollectionBySlug({ db }: ProductsApp, slug: string): Promise<Collection | null> {
  return isSearchable(slug) ? findCollectionBySlug(db, slug) : null;
}

export function readCollectionsOf(
  { db }: ProductsApp,
  productIds: readonly string[],
): Promise<{ productId: string; collection: Collection }[]> {
  return findCollectionsOf(db, productIds);
}
