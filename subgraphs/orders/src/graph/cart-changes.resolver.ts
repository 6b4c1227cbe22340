import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { OrdersContext } from '../context.ts';
import { selectCartShipping, setCartContact } from '../service/carts/cart-contact.ts';
import { addCartLines, removeCartLines, updateCartLines } from '../service/carts/cart-lines.ts';
import { applyCartPromotion, removeCartPromotion } from '../service/carts/cart-promotions.ts';
import { claimCart } from '../service/carts/claim-cart.ts';
import { createCart } from '../service/carts/create-cart.ts';
import type { CartRow } from '../service/carts/read-carts.ts';
import type { Deps } from '../service/deps.ts';
import { CartContactInput, CartCreateInput, CartLineInput, CartLineUpdateInput } from './cart.input.ts';
import { CartPayload } from './cart.payload.ts';
import { toCart, toCartProblems } from './to-cart.ts';

const cartId = { description: 'The cart.' };

/** Filling a cart. Stock and price drift are warnings here and errors at orderPlace. */
@Resolver()
export class CartChangesResolver {
  @Mutation(() => CartPayload, { description: 'Makes a cart: yours when you are signed in, else one for whoever knows its id.' })
  cartCreate(
    @Arg('input', () => CartCreateInput, { description: 'What to start with.' }) input: CartCreateInput,
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => createCart(deps, principal, { currency: input.currency ?? null, lines: input.lines ?? null }));
  }

  @Mutation(() => CartPayload, { description: 'Adds variants; of what is there already the quantities are added up.' })
  cartLinesAdd(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('lines', () => [CartLineInput], { description: 'What to add; at most 50.' }) lines: CartLineInput[],
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => addCartLines(deps, principal, id, lines));
  }

  @Mutation(() => CartPayload, { description: 'Sets quantities.' })
  cartLinesUpdate(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('lines', () => [CartLineUpdateInput], { description: 'New quantities; at most 50.' }) lines: CartLineUpdateInput[],
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => updateCartLines(deps, principal, id, lines));
  }

  @Mutation(() => CartPayload, { description: 'Removes lines.' })
  cartLinesRemove(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('lineIds', () => [ID], { description: 'Which; at most 50.' }) lineIds: string[],
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => removeCartLines(deps, principal, id, lineIds));
  }

  @Mutation(() => CartPayload, { description: 'Adds a promotion code; at most five.' })
  cartPromotionApply(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('code', () => String, { description: 'The code, in capitals or not.' }) code: string,
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => applyCartPromotion(deps, principal, id, code));
  }

  @Mutation(() => CartPayload, { description: 'Takes a promotion code off.' })
  cartPromotionRemove(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('code', () => String, { description: 'The code.' }) code: string,
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => removeCartPromotion(deps, principal, id, code));
  }

  @Mutation(() => CartPayload, { description: 'Sets who buys and where it goes.' })
  cartContactSet(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('input', () => CartContactInput, { description: 'What to set.' }) input: CartContactInput,
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => setCartContact(deps, principal, id, input));
  }

  @Mutation(() => CartPayload, { description: 'Chooses how it is sent.' })
  cartShippingSelect(
    @Arg('cartId', () => ID, cartId) id: string,
    @Arg('optionId', () => ID, { description: 'One of shippingOptions.' }) optionId: string,
    @Ctx() { deps, principal }: OrdersContext,
  ): Promise<CartPayload> {
    return cartPayload(deps, () => selectCartShipping(deps, principal, id, optionId));
  }

  @Directive('@authenticated')
  @Mutation(() => CartPayload, { description: "Makes a guest's cart yours, or puts its lines into yours. Repeating it changes nothing." })
  cartClaim(@Arg('cartId', () => ID, cartId) id: string, @Ctx() { deps, principal }: OrdersContext): Promise<CartPayload> {
    return cartPayload(deps, () => claimCart(deps, principal, id));
  }
}

function cartPayload(deps: Deps, work: () => Promise<CartRow>): Promise<CartPayload> {
  return toPayload(
    async () => {
      const row = await work();
      const cart = toCart(deps, row);
      return { cart, warnings: toCartProblems(await cart.view()) };
    },
    { cart: null, warnings: [] },
  );
}
