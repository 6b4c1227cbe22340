import { MoneyType } from '@app/subgraph';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { Cart, type CartLine, type CartProblem, type ShippingOption } from './cart.type.ts';
import { toCart, toCartLines, toCartProblems, toShippingOption } from './to-cart.ts';
import { toTotals } from './to-order.ts';
import { AppliedPromotion, type Totals } from './totals.type.ts';

/** Carts, with what the catalogue and the rate card say about them now. */
@Resolver(() => Cart)
export class CartResolver {
  @Query(() => Cart, { nullable: true, description: "A cart by its id; null when there is none, or it is somebody else's." })
  async cart(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { deps, loaders }: OrdersContext): Promise<Cart | null> {
    const row = await loaders.cart.load(id);
    return row ? toCart(deps, row) : null;
  }

  @FieldResolver()
  async lines(@Root() cart: Cart): Promise<CartLine[]> {
    return toCartLines(await cart.view());
  }

  @FieldResolver()
  async itemCount(@Root() cart: Cart): Promise<number> {
    return (await cart.view()).lines.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  @FieldResolver()
  async shippingOptions(@Root() cart: Cart): Promise<ShippingOption[]> {
    return (await cart.view()).shippingOptions.map((option) => toShippingOption(option, cart.currency));
  }

  @FieldResolver()
  async selectedShipping(@Root() cart: Cart): Promise<ShippingOption | null> {
    const { selectedShipping } = await cart.view();
    return selectedShipping && toShippingOption(selectedShipping, cart.currency);
  }

  @FieldResolver()
  async promotions(@Root() cart: Cart): Promise<AppliedPromotion[]> {
    const { promotions } = await cart.view();
    return promotions.map(({ code, title, discountMinor }) =>
      Object.assign(new AppliedPromotion(), { code, title, discount: MoneyType.of({ minor: discountMinor, currency: cart.currency }) }),
    );
  }

  @FieldResolver()
  async totals(@Root() cart: Cart): Promise<Totals> {
    return toTotals(await cart.view(), cart.currency);
  }

  @FieldResolver()
  async problems(@Root() cart: Cart): Promise<CartProblem[]> {
    return toCartProblems(await cart.view());
  }
}
