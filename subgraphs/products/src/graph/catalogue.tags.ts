import { type AnswerTags, answerTags, type Connection } from '@app/subgraph';
import { catalogueTag, productTag } from '../domain/cache-tags.ts';
import type { Category, Collection, Product, Variant } from '../domain/product.ts';
import type { ProductsContext } from './context.ts';

/** What was found at the root is what the answer is about; what was not found may come with any write, and an archived product's address may be taken. */
export function tagged<Found extends Product | Variant>(tags: AnswerTags, found: Found | null): Found | null {
  if (found === null || ('status' in found && found.status === 'ARCHIVED')) tags.untag();
  else tags.add(productTag('productId' in found ? found.productId : found.id));
  return found;
}

/** A list depends on the products that it shows, and on what it chose and ordered them by. */
export function listed<Page extends Connection<Product>>(tags: AnswerTags, page: Page, dependsOn: readonly string[]): Page {
  tags.add(catalogueTag, ...dependsOn, ...page.nodes.map(({ id }) => productTag(id)));
  return page;
}

/** Categories and collections themselves, there or not. */
export function placed<Found extends Category | Collection | readonly Category[] | null>(tags: AnswerTags, found: Found): Found {
  tags.add(catalogueTag);
  return found;
}

/** Answers carry their tags. From a product or variant one gets to its parts, its category and its collections. */
export const catalogueTags = answerTags<ProductsContext>({
  rootFields: ['product', 'variant', 'products', 'productSearch', 'category', 'categories', 'collection'],
  tagsOf: ({ tags }) => tags,
  entityTag: ({ __typename, id, sku }, { variantProducts }) => {
    if (__typename === 'Category' || __typename === 'Collection') return catalogueTag;
    if (__typename === 'Product') return typeof id === 'string' ? productTag(id) : undefined;
    if (__typename !== 'ProductVariant') return undefined;
    const productId = variantProducts.get(String(id ?? sku));
    return productId === undefined ? undefined : productTag(productId);
  },
});
