import type { ReferenceResolver } from '@app/subgraph';
import type { ProductsContext } from './context.ts';

/** Entities by what other subgraphs know of them; missing, hidden and malformed ones are null. */
export const references: Readonly<Record<string, ReferenceResolver<ProductsContext>>> = {
  Product: ({ id }, { loaders }) => (typeof id === 'string' ? loaders.product.load(id) : null),
  ProductVariant: ({ id, sku }, { loaders }) => {
    if (typeof id === 'string') return loaders.variant.load(id);
    return typeof sku === 'string' ? loaders.variantBySku.load(sku) : null;
  },
  Category: ({ id }, { loaders }) => (typeof id === 'string' ? loaders.category.load(id) : null),
  Collection: ({ id }, { loaders }) => (typeof id === 'string' ? loaders.collection.load(id) : null),
};
