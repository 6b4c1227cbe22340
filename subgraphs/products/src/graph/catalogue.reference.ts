import type { ReferenceResolver } from '@app/subgraph';
import type { ProductsContext } from './context.ts';

/** Entities by what other subgraphs know of them; missing, hidden and malformed ones are null. */
export const references: Readonly<Record<string, ReferenceResolver<ProductsContext>>> = {
  Product: ({ id }, { loaders }) => (typeof id === 'string' ? loaders.product.load(id) : null),
  ProductVariant: async ({ id, sku }, { loaders, variantProducts }) => {
    const variant =
      typeof id === 'string' ? await loaders.variant.load(id) : typeof sku === 'string' ? await loaders.variantBySku.load(sku) : null;
    if (variant !== null) variantProducts.set(String(id ?? sku), variant.productId);
    return variant;
  },
  Category: ({ id }, { loaders }) => (typeof id === 'string' ? loaders.category.load(id) : null),
  Collection: ({ id }, { loaders }) => (typeof id === 'string' ? loaders.collection.load(id) : null),
};
