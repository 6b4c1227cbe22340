import type { Connection } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { listTag } from '../domain/cache-tags.ts';
import type { Category, Collection, Product } from '../domain/product.ts';
import { listed } from './catalogue.tags.ts';
import { CategoryType, CollectionType } from './category.type.ts';
import type { ProductsContext } from './context.ts';
import { ProductConnection } from './product.type.ts';

@Resolver(() => CategoryType)
export class CategoryResolver {
  @FieldResolver(() => CategoryType, { nullable: true, description: 'The category above; null at the root.' })
  parent(@Root() { parentId }: Category, @Ctx() { loaders }: ProductsContext): Promise<Category | null> | null {
    return parentId === null ? null : loaders.category.load(parentId);
  }

  @Directive('@listSize(assumedSize: 20)')
  @FieldResolver(() => [CategoryType], { description: 'Categories right below, in the order of the menu.' })
  children(@Root() { id }: Category, @Ctx() { loaders }: ProductsContext): Promise<readonly Category[]> {
    return loaders.children.load(id);
  }
}

@Resolver(() => CollectionType)
export class CollectionResolver {
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @FieldResolver(() => ProductConnection, { description: 'Its products that are on sale, in its own order.' })
  async products(
    @Root() { id }: Collection,
    @Ctx() { loaders, tags }: ProductsContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to start after.' }) after?: string | null,
  ): Promise<Connection<Product>> {
    return listed(tags, await loaders.collectionPage.for({ first, after: after ?? null }).load(id), [listTag('collection')]);
  }
}
