import { isUniqueViolation, newId, withTx } from '@app/database';
import { publishBatch } from '@app/events';
import { ProductUpdated } from '@app/events/catalogue/product.events';
import { VariantPriceChanged } from '@app/events/catalogue/variant.events';
import { conflict, notFound, type UserError, UserFault } from '@app/subgraph';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { findSearchDocument, updateProduct } from '../data/products.ts';
import { findForeignSkus, findOwnVariants, type PriceRow, replacePrices, replaceVariants } from '../data/variant-writes.ts';
import { findCurrentPrices } from '../data/variants.ts';
import type { CurrentPrice, Product, ProductOption } from '../domain/product.ts';
import type { VariantDraft } from '../domain/product-draft.ts';
import { changedWords } from '../domain/search-words.ts';
import { requireScope } from './access.ts';
import { type CheckedVariant, checkVariants } from './check-variants.ts';
import type { ProductsApp, Viewer } from './ports.ts';
import { lockExisting } from './write-product.ts';

/** A checked variant that knows its id. */
type Known = CheckedVariant & { readonly id: string };

/**
 * Makes a product's variants exactly these, in this order. One with an id or the SKU of one the product has or had is that
 * one; what is left out is taken out of the product, and stays in orders. Prices that did not change keep their compareAt.
 * @throws {UserFault} NOT_FOUND, SKU_TAKEN, NO_VARIANTS or what is wrong with the input.
 */
export async function setVariants(app: ProductsApp, viewer: Viewer, productId: string, drafts: readonly VariantDraft[]): Promise<Product> {
  const staff = requireScope(viewer, 'catalog:write');
  const checked = checkVariants(drafts, app.defaultCurrency);
  const { product, words } = await withSkus(app, async (tx) => {
    const before = await lockExisting(tx, productId, ['productId']);
    const oldText = await findSearchDocument(tx, productId);
    if (before.status === 'ACTIVE' && checked.length === 0) {
      throw new UserFault(conflict('NO_VARIANTS', 'A product on sale needs a variant: archive it instead.', before.version, ['variants']));
    }
    const variants = await identify(tx, productId, checked);
    const rows = variants.map(({ id, sku, options, title, weightGrams }) => ({
      id,
      sku,
      weightGrams,
      selectedOptions: options,
      title: title ?? (options.map(({ value }) => value).join(' / ') || before.title),
    }));
    await replaceVariants(tx, productId, rows, app.now());
    const changes = await writePrices(tx, variants);
    const after = await updateProduct(tx, productId, { options: optionsOf(variants) }, app.now());
    const { requestId } = viewer;
    await recordAudit(tx, { actorId: staff.id, action: 'productVariantsSet', subjectId: productId, requestId, after: { variants } });
    const by = { correlationId: requestId, actor: staff.id };
    const { slug, title } = after;
    await publishBatch(tx, [
      ProductUpdated.create(productId, { productId, slug, title }, by),
      ...changes.map((change) => VariantPriceChanged.create(change.variantId, { productId, ...change }, by)),
    ]);
    return { product: after, words: changedWords(oldText, await findSearchDocument(tx, productId)) };
  });
  await app.catalogueChanged({ productIds: [productId], facts: ['price', 'stock', 'text'], words });
  return product;
}

/** Finds each variant among those the product has or had, by id and then by SKU; the others are new. */
async function identify(tx: Tx, productId: string, checked: readonly CheckedVariant[]): Promise<Known[]> {
  const own = await findOwnVariants(tx, productId);
  const [byId, bySku] = [new Set(own.map(({ id }) => id)), new Map(own.map(({ id, sku }) => [sku, id]))];
  const foreign = new Set(
    await findForeignSkus(
      tx,
      productId,
      checked.map(({ sku }) => sku),
    ),
  );
  const errors = checked.flatMap(({ id, sku }, index): UserError[] => [
    ...(id !== null && !byId.has(id) ? [notFound('variant of this product', id, ['variants', String(index), 'id'])] : []),
    ...(foreign.has(sku) ? [skuTaken(['variants', String(index), 'sku'])] : []),
  ]);
  if (errors.length > 0) throw new UserFault(...errors);
  return checked.map((variant) => ({ ...variant, id: variant.id ?? bySku.get(variant.sku) ?? newId('var') }));
}

/** Begins the prices that differ from those of now; answers what others are told. */
async function writePrices(tx: Tx, variants: readonly Known[]) {
  const wanted = variants.flatMap(({ id, prices }) => prices.map((price): PriceRow => ({ ...price, variantId: id })));
  const ids = variants.map(({ id }) => id);
  const currencies = [...new Set(wanted.map(({ currency }) => currency))];
  const keyOf = ({ variantId, currency }: Pick<CurrentPrice, 'variantId' | 'currency'>) => `${variantId} ${currency}`;
  const current = new Map((await findCurrentPrices(tx, ids, currencies)).map((price) => [keyOf(price), price.minor]));
  const isChanged = (price: PriceRow) => current.get(keyOf(price)) !== price.minor;
  const changed = wanted.filter(isChanged);
  await replacePrices(
    tx,
    ids,
    changed,
    wanted.filter((price) => !isChanged(price)),
  );
  return changed.map((price) => ({
    variantId: price.variantId,
    currency: price.currency,
    oldMinor: current.get(keyOf(price)) ?? null,
    newMinor: price.minor,
  }));
}

/** The choices of a product: what its variants choose, in the order in which it is met first. */
function optionsOf(variants: readonly Known[]): ProductOption[] {
  const values = new Map<string, Set<string>>();
  for (const { name, value } of variants.flatMap(({ options }) => options)) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return [...values].map(([name, chosen]) => ({ name, values: [...chosen] }));
}

/** A transaction in which a unique violation means that somebody else took a SKU just now, or that two variants swap theirs. */
async function withSkus<Result>({ db }: ProductsApp, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  try {
    return await withTx(db, work);
  } catch (error) {
    if (isUniqueViolation(error)) throw new UserFault(skuTaken(['variants']));
    throw error;
  }
}

function skuTaken(path: readonly string[]): UserError {
  return conflict('SKU_TAKEN', 'Another variant has this SKU.', null, path);
}
