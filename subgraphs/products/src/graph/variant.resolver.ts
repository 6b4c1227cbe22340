import { AppError } from '@app/errors';
import { CurrencyCodeScalar, Image, MoneyType } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Availability } from '../domain/availability.ts';
import type { CurrentPrice, Product, Variant } from '../domain/product.ts';
import { pictureOf } from '../service/pictures.ts';
import type { ProductsContext } from './context.ts';
import { currencyDescription, preferred, wantedCurrencies } from './price-arguments.ts';
import { ProductType } from './product.type.ts';
import { AvailabilityType, InventoryLevel, ProductVariantType } from './variant.type.ts';

@Resolver(() => ProductVariantType)
export class VariantResolver {
  @FieldResolver(() => ProductType, { description: 'What it is a variant of.' })
  async product(@Root() { productId }: Variant, @Ctx() { loaders }: ProductsContext): Promise<Product> {
    const product = await loaders.product.load(productId);
    if (!product) throw new AppError('NOT_FOUND', 'The product of this variant is not on sale any more.');
    return product;
  }

  @FieldResolver(() => MoneyType, { description: 'What one piece costs now.' })
  async price(
    @Root() { id }: Variant,
    @Ctx() context: ProductsContext,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: currencyDescription }) currency?: string | null,
  ): Promise<MoneyType> {
    const price = await priceOf(context, id, currency);
    if (!price) throw new AppError('NOT_FOUND', 'This variant has no price now.');
    return MoneyType.of(price);
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'Price to strike through beside a reduced one.' })
  async compareAtPrice(
    @Root() { id }: Variant,
    @Ctx() context: ProductsContext,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: currencyDescription }) currency?: string | null,
  ): Promise<MoneyType | null> {
    const price = await priceOf(context, id, currency);
    return price?.compareAtMinor == null ? null : MoneyType.of({ minor: price.compareAtMinor, currency: price.currency });
  }

  @FieldResolver(() => AvailabilityType, { description: 'Whether it can be had.' })
  availability(@Root() variant: Variant, @Ctx() { loaders }: ProductsContext): Promise<Availability> {
    return loaders.availability.load(variant);
  }

  @FieldResolver(() => Image, { nullable: true, description: 'Its picture.' })
  image(@Root() variant: Variant, @Ctx() { app }: ProductsContext): Image {
    return Image.of(pictureOf(app, variant));
  }

  @Directive('@requiresScopes(scopes: [["inventory:read"]])')
  @Directive('@tag(name: "admin")')
  @Directive('@listSize(assumedSize: 5)')
  @Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
  @FieldResolver(() => [InventoryLevel], { nullable: true, description: 'Exact stock by location; for staff.' })
  async inventory(@Root() { id }: Variant, @Ctx() { loaders }: ProductsContext): Promise<InventoryLevel[]> {
    return (await loaders.stockLevels.load(id)).map((level) => ({ ...level, available: level.onHand - level.reserved }));
  }
}

async function priceOf({ app, loaders }: ProductsContext, id: string, currency: string | null | undefined): Promise<CurrentPrice | null> {
  const wanted = wantedCurrencies(currency, app.defaultCurrency);
  return preferred(await loaders.prices.for(wanted).load(id), wanted);
}
