import { publish } from '@app/events';
import { ProductArchived, ProductPublished } from '@app/events/catalogue/product.events';
import { conflict, UserFault } from '@app/subgraph';
import { recordAudit } from '../data/audit.ts';
import { updateProduct } from '../data/products.ts';
import { countVariants } from '../data/variants.ts';
import type { Product } from '../domain/product.ts';
import { requireScope } from './access.ts';
import type { ProductsApp, Viewer } from './ports.ts';
import { lockExisting, write } from './write-product.ts';

/** Puts a product on sale; nothing happens to one that is. @throws {UserFault} NOT_FOUND, NO_VARIANTS or SLUG_TAKEN. */
export async function publishProduct(app: ProductsApp, viewer: Viewer, id: string): Promise<Product> {
  const staff = requireScope(viewer, 'catalog:write');
  const { requestId } = viewer;
  const product = await write(app, async (tx) => {
    const before = await lockExisting(tx, id);
    if (before.status === 'ACTIVE') return before;
    if ((await countVariants(tx, id)) === 0) {
      throw new UserFault(conflict('NO_VARIANTS', 'It has nothing to sell: set its variants first.', before.version, ['id']));
    }
    const now = app.now();
    const after = await updateProduct(tx, id, { status: 'ACTIVE', publishedAt: before.publishedAt ?? now }, now);
    await recordAudit(tx, { actorId: staff.id, action: 'productPublish', subjectId: id, requestId, before, after });
    const { slug, title } = after;
    await publish(tx, ProductPublished.create(id, { productId: id, slug, title }, { correlationId: requestId, actor: staff.id }));
    return after;
  });
  await app.catalogueChanged();
  return product;
}

/** Takes a product off sale; nothing happens to one that is. What orders hold of it stays theirs. @throws {UserFault} NOT_FOUND. */
export async function archiveProduct(app: ProductsApp, viewer: Viewer, id: string): Promise<Product> {
  const staff = requireScope(viewer, 'catalog:write');
  const { requestId } = viewer;
  const product = await write(app, async (tx) => {
    const before = await lockExisting(tx, id);
    if (before.status === 'ARCHIVED') return before;
    const after = await updateProduct(tx, id, { status: 'ARCHIVED' }, app.now());
    await recordAudit(tx, { actorId: staff.id, action: 'productArchive', subjectId: id, requestId, before, after });
    await publish(tx, ProductArchived.create(id, { productId: id }, { correlationId: requestId, actor: staff.id }));
    return after;
  });
  await app.catalogueChanged();
  return product;
}
