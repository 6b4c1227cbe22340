import { buildFederatedSchema, ConflictError, InputError, NotFoundError, type SubgraphSchema } from '@app/subgraph';
import { references } from './catalogue.reference.ts';
import { CatalogueResolver } from './catalogue.resolver.ts';
import { CategoryResolver, CollectionResolver } from './category.resolver.ts';
import { InventoryMutations } from './inventory.resolver.ts';
import { ProductResolver } from './product.resolver.ts';
import { ProductMutations } from './product-mutation.resolver.ts';
import { VariantResolver } from './variant.resolver.ts';

/** The subgraph's schema. */
export function productsSchema(): Promise<SubgraphSchema> {
  return buildFederatedSchema({
    resolvers: [
      CatalogueResolver,
      ProductResolver,
      VariantResolver,
      CategoryResolver,
      CollectionResolver,
      ProductMutations,
      InventoryMutations,
    ],
    orphanedTypes: [InputError, NotFoundError, ConflictError],
    references,
  });
}
