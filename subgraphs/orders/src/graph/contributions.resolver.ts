import { AppError } from '@app/errors';
import { MoneyType } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { shippingChoices } from '../domain/shipping.ts';
import { Account } from './account.type.ts';
import { Cart } from './cart.type.ts';
import { OrderFilter } from './order.input.ts';
import { toOrderConnection } from './order.resolver.ts';
import { OrderConnection } from './order.type.ts';
import { ProductVariant } from './product-variant.type.ts';
import { toCart } from './to-cart.ts';
import { DeliveryEstimate } from './totals.type.ts';

/** What orders adds to an account. */
@Resolver(() => Account)
export class AccountResolver {
  @Directive('@authenticated')
  @FieldResolver(() => Cart, {
    nullable: true,
    description: 'The cart this account used last; null when there is none, or it is not yours.',
  })
  async cart(@Root() { id }: Account, @Ctx() { deps, loaders }: OrdersContext): Promise<Cart | null> {
    const row = await loaders.cartOf.load(id);
    return row ? toCart(deps, row) : null;
  }

  @Directive('@authenticated')
  @Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])')
  @FieldResolver(() => OrderConnection, { nullable: true, description: 'Its orders, newest first; null when they are not yours to see.' })
  async orders(
    @Root() { id }: Account,
    @Ctx() { loaders }: OrdersContext,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on after.' }) after?: string | null,
    @Arg('filter', () => OrderFilter, { nullable: true, description: 'Which.' }) filter?: OrderFilter | null,
  ): Promise<InstanceType<typeof OrderConnection> | null> {
    const page = await loaders.ordersOf.load({ id, page: { page: { first, after: after ?? null }, search: { ...filter } } });
    return page && toOrderConnection(page);
  }
}

/** What orders adds to a variant. */
@Resolver(() => ProductVariant)
export class ProductVariantResolver {
  @FieldResolver()
  async deliveryEstimates(
    @Root() { weightGrams }: ProductVariant,
    @Ctx() { deps, loaders }: OrdersContext,
    @Arg('countryCode', () => String, { description: 'Where it would go, ISO 3166-1 alpha-2 such as DE.' }) countryCode: string,
    @Arg('postalCode', () => String, { nullable: true, description: 'Its postal code; no rate depends on it yet.' }) _postalCode?:
      | string
      | null,
  ): Promise<DeliveryEstimate[]> {
    if (!/^[A-Z]{2}$/.test(countryCode)) throw new AppError('BAD_USER_INPUT', 'countryCode must be an ISO 3166-1 alpha-2 code such as DE.');
    const rates = await loaders.shippingRates.load(countryCode);
    const choices = shippingChoices(rates, { country: countryCode, currency: 'EUR', grams: weightGrams, now: deps.now() });
    return choices.map(({ name, priceMinor, earliest, latest }) =>
      Object.assign(new DeliveryEstimate(), {
        methodName: name,
        price: MoneyType.of({ minor: priceMinor, currency: 'EUR' }),
        earliest,
        latest,
      }),
    );
  }
}
