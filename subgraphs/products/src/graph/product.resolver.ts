import { type Connection, CurrencyCodeScalar, Image, MoneyType, pageRequest, toConnection } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Category, Collection, Product, ProductAttribute, Variant } from '../domain/product.ts';
import { pictureOf } from '../service/pictures.ts';
import { CategoryType, CollectionType } from './category.type.ts';
import type { ProductsContext } from './context.ts';
import { currencyDescription, preferred, wantedCurrencies } from './price-arguments.ts';
import { PriceRange, ProductAttributeType, ProductType } from './product.type.ts';
import { ProductVariantConnection } from './variant.type.ts';

/** Pictures of variants that `media` shows after the product's own. */
const variantPictures = 9;

@Resolver(() => ProductType)
export class ProductResolver {
  @FieldResolver(() => CategoryType, { nullable: true, description: 'Where it hangs in the catalogue.' })
  category(@Root() { categoryId }: Product, @Ctx() { loaders }: ProductsContext): Promise<Category | null> | null {
    return categoryId === null ? null : loaders.category.load(categoryId);
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [CollectionType], { description: 'Collections it is in, by title.' })
  async collections(@Root() { id }: Product, @Ctx() { loaders }: ProductsContext): Promise<Collection[]> {
    return (await loaders.collectionsOf.load(id)).map(({ collection }) => collection);
  }

  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @FieldResolver(() => ProductVariantConnection, { description: 'Its variants, in the order to show.' })
  async variants(
    @Root() { id }: Product,
    @Ctx() { loaders }: ProductsContext,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to start after.' }) after?: string | null,
  ): Promise<Connection<Variant>> {
    const page = pageRequest({ first, after }, 'VARIANT', 2);
    const from = page.from && { position: Number(page.from[0]) || 0, id: String(page.from[1]) };
    const rows = await loaders.variantPage.for({ limit: page.limit + 1, from }).load(id);
    return toConnection(rows, page, (variant) => [variant.position, variant.id], null);
  }

  @Directive('@cacheControl(inheritMaxAge: true)')
  @FieldResolver(() => PriceRange, {
    nullable: true,
    description: 'From the cheapest variant to the dearest; null for a draft that has no variants yet.',
  })
  async priceRange(
    @Root() { id }: Product,
    @Ctx() { app, loaders }: ProductsContext,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: currencyDescription }) currency?: string | null,
  ): Promise<PriceRange | null> {
    const wanted = wantedCurrencies(currency, app.defaultCurrency);
    const span = preferred(await loaders.priceSpans.for(wanted).load(id), wanted);
    if (!span) return null;
    const { minMinor, maxMinor } = span;
    return {
      min: MoneyType.of({ minor: minMinor, currency: span.currency }),
      max: MoneyType.of({ minor: maxMinor, currency: span.currency }),
    };
  }

  @FieldResolver(() => Image, { nullable: true, description: 'The picture to show in lists.' })
  featuredImage(@Root() product: Product, @Ctx() { app }: ProductsContext): Image {
    return Image.of(pictureOf(app, product));
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [Image], { description: 'All pictures, the featured one first, at most ten.' })
  async media(@Root() product: Product, @Ctx() { app, loaders }: ProductsContext): Promise<Image[]> {
    const variants = await loaders.variantPage.for({ limit: variantPictures, from: null }).load(product.id);
    const ofVariants = variants.map(({ id, title }) => pictureOf(app, { id, title: `${product.title}, ${title}` }));
    return [pictureOf(app, product), ...ofVariants].map(Image.of);
  }

  @Directive('@listSize(assumedSize: 20)')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @FieldResolver(() => [ProductAttributeType], { description: 'Facts about it, in the order to show.' })
  attributes(@Root() { id }: Product, @Ctx() { loaders }: ProductsContext): Promise<readonly ProductAttribute[]> {
    return loaders.attributes.load(id);
  }
}
