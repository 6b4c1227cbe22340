import { type AnswerTags, answerTags } from '@app/subgraph';
import type { Product, Variant } from '../domain/product.ts';
import { productTag } from '../service/product-tag.ts';
import type { ProductsContext } from './context.ts';

/** What was found at the root is what the answer is about; what was not found may come with any write. */
export function tagged<Found extends Product | Variant>(tags: AnswerTags, found: Found | null): Found | null {
  if (found === null) tags.untag();
  else tags.add(productTag('productId' in found ? found.productId : found.id));
  return found;
}

/**
 * Answers about products carry their tags. From a product or variant one gets to its parts, its category and its collections, which nobody
 * writes to, and nowhere else but through `Collection.products`.
 */
export const catalogueTags = answerTags<ProductsContext>({
  rootFields: ['product', 'variant'],
  untaggedFields: ['products'],
  tagsOf: ({ tags }) => tags,
  entityTag: ({ __typename, id, sku }, { variantProducts }) => {
    if (__typename === 'Product') return typeof id === 'string' ? productTag(id) : undefined;
    if (__typename !== 'ProductVariant') return undefined;
    const productId = variantProducts.get(String(id ?? sku));
    return productId === undefined ? undefined : productTag(productId);
  },
});
