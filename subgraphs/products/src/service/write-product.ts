import { isId, isUniqueViolation, newId, withTx } from '@app/database';
import { publish } from '@app/events';
import { ProductUpdated } from '@app/events/catalogue/product.events';
import { conflict, inputError, notFound, UserFault } from '@app/subgraph';
import { recordAudit } from '../data/audit.ts';
import { findCategories, findCollections, replaceCollections } from '../data/categories.ts';
import type { Tx } from '../data/client.ts';
import {
  findAttributeLabels,
  findProductBySlug,
  findSearchDocument,
  insertProduct,
  lockProduct,
  replaceAttributes,
  updateProduct,
} from '../data/products.ts';
import type { ListFact } from '../domain/list-facts.ts';
import type { Product } from '../domain/product.ts';
import { labelOf, type ProductDraft } from '../domain/product-draft.ts';
import { changedWords } from '../domain/search-words.ts';
import { slugOf } from '../domain/slug.ts';
import { requireScope } from './access.ts';
import { type CheckedProduct, checkProduct } from './check-product.ts';
import type { ProductsApp, Viewer } from './ports.ts';

/** Writes a new draft. @throws {UserFault} on wrong input or a taken address. */
export async function createProduct(app: ProductsApp, viewer: Viewer, draft: ProductDraft): Promise<Product> {
  const staff = requireScope(viewer, 'catalog:write');
  const { title, ...checked } = checkProduct(draft);
  if (title === undefined) throw new UserFault(inputError(['input', 'title'], 'REQUIRED', 'Fill this in.'));
  const id = newId('prd');
  const product = await write(app, async (tx) => {
    await checkPlaces(tx, checked);
    const slug = checked.slug ?? (await freeSlug(tx, title, id));
    const { description = '', brand = null, categoryId = null } = checked;
    const created = await insertProduct(tx, { id, slug, title, description, brand, categoryId, now: app.now() });
    await writeParts(tx, id, checked);
    const { requestId } = viewer;
    await recordAudit(tx, { actorId: staff.id, action: 'productCreate', subjectId: id, requestId, after: { ...draft } });
    return created;
  });
  await app.catalogueChanged();
  return product;
}

/**
 * Changes a product; what is left out stays. With `expectedVersion` only when nobody changed it since.
 * @throws {UserFault} NOT_FOUND, VERSION_CONFLICT, SLUG_TAKEN or what is wrong with the input.
 */
export async function changeProduct(
  app: ProductsApp,
  viewer: Viewer,
  { id, draft, expectedVersion }: { readonly id: string; readonly draft: ProductDraft; readonly expectedVersion: number | null },
): Promise<Product> {
  const staff = requireScope(viewer, 'catalog:write');
  const { collectionIds, attributes, ...facts } = checkProduct(draft);
  const { product, words } = await write(app, async (tx) => {
    const before = await lockExisting(tx, id);
    const oldText = await findSearchDocument(tx, id);
    if (expectedVersion !== null && expectedVersion !== before.version) {
      throw new UserFault(
        conflict('VERSION_CONFLICT', 'Somebody changed it meanwhile: read it again.', before.version, ['expectedVersion']),
      );
    }
    const parts = { ...(collectionIds && { collectionIds }), ...(attributes && { attributes }) };
    await checkPlaces(tx, { ...facts, ...parts });
    const after = await updateProduct(tx, id, facts, app.now());
    await writeParts(tx, id, parts);
    const { requestId } = viewer;
    await recordAudit(tx, { actorId: staff.id, action: 'productUpdate', subjectId: id, requestId, before, after: { ...after, ...parts } });
    const { slug, title } = after;
    await publish(tx, ProductUpdated.create(id, { productId: id, slug, title }, { correlationId: requestId, actor: staff.id }));
    return { product: after, words: changedWords(oldText, await findSearchDocument(tx, id)) };
  });
  await app.catalogueChanged({ productIds: [id], facts: factsIn({ ...facts, collectionIds, attributes }), words });
  return product;
}

/** What lists look at among what is written. */
function factsIn(written: CheckedProduct): ListFact[] {
  const facts: Readonly<Record<keyof CheckedProduct, readonly ListFact[]>> = {
    slug: [],
    title: ['title', 'text'],
    description: ['text'],
    brand: ['brand', 'text'],
    categoryId: ['category'],
    collectionIds: ['collection'],
    attributes: ['attribute', 'text'],
  };
  return keysOf(facts).flatMap((key) => (written[key] === undefined ? [] : facts[key]));
}

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as Key[];

/** The product, locked. @throws {UserFault} NOT_FOUND. */
export async function lockExisting(tx: Tx, id: string, path: readonly string[] = ['id']): Promise<Product> {
  const product = isId('prd', id) ? await lockProduct(tx, id) : null;
  if (!product) throw new UserFault(notFound('product', id, path));
  return product;
}

/** A transaction in which a unique violation means that somebody else has the address. */
export async function write<Result>(app: ProductsApp, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  try {
    return await withTx(app.db, work);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new UserFault(conflict('SLUG_TAKEN', 'Another product has this address: choose another one.', null, ['input', 'slug']));
  }
}

/** The title's address, or, when another product has that, one that ends in the product's own id. */
async function freeSlug(tx: Tx, title: string, id: string): Promise<string> {
  const slug = slugOf(title, 'product');
  const taken = await findProductBySlug(tx, slug);
  return taken && taken.status !== 'ARCHIVED' ? `${slug}-${id.slice(-8)}` : slug;
}

/** @throws {UserFault} when the category or a collection is not there. */
async function checkPlaces(tx: Tx, { categoryId, collectionIds }: CheckedProduct): Promise<void> {
  if (categoryId != null && (await findCategories(tx, [categoryId])).length === 0) {
    throw new UserFault(notFound('category', categoryId, ['input', 'categoryId']));
  }
  const found = new Set((await findCollections(tx, collectionIds ?? [])).map(({ id }) => id));
  const missing = (collectionIds ?? []).filter((id) => !found.has(id));
  if (missing.length > 0) throw new UserFault(...missing.map((id) => notFound('collection', id, ['input', 'collectionIds'])));
}

async function writeParts(tx: Tx, id: string, { collectionIds, attributes }: CheckedProduct): Promise<void> {
  if (collectionIds) await replaceCollections(tx, id, collectionIds);
  if (!attributes) return;
  const labels = await findAttributeLabels(
    tx,
    attributes.map(({ key }) => key),
  );
  await replaceAttributes(
    tx,
    id,
    attributes.map(({ key, value }) => ({ key, label: labels.get(key) ?? labelOf(key), value })),
  );
}
