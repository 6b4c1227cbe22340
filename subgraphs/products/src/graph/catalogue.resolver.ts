import type { Connection } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Int, Query, Resolver } from 'type-graphql';
import type { Category, Collection, Product, Variant } from '../domain/product.ts';
import type { ProductSort, SearchSort } from '../domain/product-list.ts';
import { browse } from '../service/browse.ts';
import { readCategoryBySlug, readCollectionBySlug, readLevel } from '../service/read-categories.ts';
import { readProductBySlug } from '../service/read-products.ts';
import { type SearchResult, search } from '../service/search.ts';
import { ProductFilter } from './catalogue.input.ts';
import { listed, placed, tagged } from './catalogue.tags.ts';
import { CategoryType, CollectionType } from './category.type.ts';
import type { ProductsContext } from './context.ts';
import { ProductSortEnum, SearchSortEnum } from './enums.ts';
import { ProductConnection, ProductType } from './product.type.ts';
import { ProductSearchConnection } from './search.type.ts';
import { ProductVariantType } from './variant.type.ts';

const slugDescription = 'Its readable address; not looked at when there is an id.';

@Resolver()
export class CatalogueResolver {
  @Query(() => ProductType, { nullable: true, description: 'A product by id or address; null when there is none to see.' })
  async product(
    @Ctx() { app, viewer, loaders, tags }: ProductsContext,
    @Arg('id', () => ID, { nullable: true, description: 'Its id, `prd_…`.' }) id?: string | null,
    @Arg('slug', () => String, { nullable: true, description: slugDescription }) slug?: string | null,
  ): Promise<Product | null> {
    if (id != null) return tagged(tags, await loaders.product.load(id));
    return tagged(tags, slug == null ? null : await readProductBySlug(app, viewer, slug));
  }

  @Query(() => ProductVariantType, { nullable: true, description: 'A variant by id or SKU; null when there is none to see.' })
  async variant(
    @Ctx() { loaders, tags }: ProductsContext,
    @Arg('id', () => ID, { nullable: true, description: 'Its id, `var_…`.' }) id?: string | null,
    @Arg('sku', () => String, { nullable: true, description: 'Its SKU; not looked at when there is an id.' }) sku?: string | null,
  ): Promise<Variant | null> {
    if (id != null) return tagged(tags, await loaders.variant.load(id));
    return tagged(tags, sku == null ? null : await loaders.variantBySku.load(sku));
  }

  @Directive('@listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)')
  @Directive('@cacheControl(maxAge: 60)')
  @Query(() => ProductConnection, { description: 'The catalogue, page by page, in both directions.' })
  async products(
    @Ctx() { app, viewer, tags }: ProductsContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to start after.' }) after: string | null | undefined,
    @Arg('last', () => Int, { nullable: true, description: 'How many backwards, 1 to 100; first is then not looked at.' }) last:
      | number
      | null
      | undefined,
    @Arg('before', () => String, { nullable: true, description: 'Cursor to end before.' }) before: string | null | undefined,
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'What to narrow the list by.' }) filter:
      | ProductFilter
      | null
      | undefined,
    @Arg('sort', () => ProductSortEnum, { nullable: true, defaultValue: 'NEWEST', description: 'Order.' }) sort: ProductSort | null,
  ): Promise<Connection<Product>> {
    const list = await browse(app, viewer, { page: { first, after, last, before }, filter, sort: sort ?? 'NEWEST' });
    return listed(tags, list, list.dependsOn);
  }

  @Directive('@cost(weight: 10)')
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@cacheControl(maxAge: 60)')
  @Query(() => ProductSearchConnection, { description: 'Finds products by text, forgiving typing errors.' })
  async productSearch(
    @Ctx() { app, viewer, tags }: ProductsContext,
    @Arg('query', () => String, { description: 'Words to look for, at most 200 characters; "quoted" for a phrase, -word to leave out.' })
    text: string,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to start after.' }) after: string | null | undefined,
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'What to narrow the results by.' }) filter:
      | ProductFilter
      | null
      | undefined,
    @Arg('sort', () => SearchSortEnum, { nullable: true, defaultValue: 'RELEVANCE', description: 'Order.' }) sort: SearchSort | null,
  ): Promise<SearchResult> {
    const results = await search(app, viewer, { text, page: { first, after }, filter, sort: sort ?? 'RELEVANCE' });
    return listed(tags, results, results.dependsOn);
  }

  @Query(() => CategoryType, { nullable: true, description: 'A category by id or address.' })
  async category(
    @Ctx() { app, loaders, tags }: ProductsContext,
    @Arg('id', () => ID, { nullable: true, description: 'Its id, `cat_…`.' }) id?: string | null,
    @Arg('slug', () => String, { nullable: true, description: slugDescription }) slug?: string | null,
  ): Promise<Category | null> {
    if (id != null) return placed(tags, await loaders.category.load(id));
    return placed(tags, slug == null ? null : await readCategoryBySlug(app, slug));
  }

  @Directive('@listSize(assumedSize: 50)')
  @Query(() => [CategoryType], { description: 'Categories at the root, or right below one, in the order of the menu.' })
  async categories(
    @Ctx() { app, tags }: ProductsContext,
    @Arg('parentId', () => ID, { nullable: true, description: 'The category above; null for the root.' }) parentId?: string | null,
  ): Promise<Category[]> {
    return placed(tags, await readLevel(app, parentId ?? null));
  }

  @Query(() => CollectionType, { nullable: true, description: 'A collection by id or address.' })
  async collection(
    @Ctx() { app, loaders, tags }: ProductsContext,
    @Arg('id', () => ID, { nullable: true, description: 'Its id, `col_…`.' }) id?: string | null,
    @Arg('slug', () => String, { nullable: true, description: slugDescription }) slug?: string | null,
  ): Promise<Collection | null> {
    if (id != null) return placed(tags, await loaders.collection.load(id));
    return placed(tags, slug == null ? null : await readCollectionBySlug(app, slug));
  }
}
