import { CurrencyCodeScalar, DateTimeScalar, MoneyType, Node, PostalAddress } from '@app/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { CartProblemCode, CartStatus } from '../domain/statuses.ts';
import type { CartView } from '../service/carts/cart-view.ts';
import { ProductVariant } from './product-variant.type.ts';
import { AppliedPromotion, Totals } from './totals.type.ts';

@ObjectType('CartLine', { description: 'One variant in a cart, at the price of now.' })
export class CartLine {
  @Field(() => ID, { description: 'Id of the line.' })
  id!: string;

  variantId!: string;

  @Field(() => ProductVariant, { nullable: true, description: 'The variant; null when the catalogue does not answer.' })
  get variant(): ProductVariant {
    return { id: this.variantId } as ProductVariant;
  }

  @Field(() => Int, { description: 'How many, 1 to 99.' })
  quantity!: number;

  @Field(() => MoneyType, { description: 'Price of one, now.' })
  unitPrice!: MoneyType;

  @Field(() => MoneyType, { description: "This line's share of the discounts." })
  discount!: MoneyType;

  @Field(() => MoneyType, { description: 'unitPrice × quantity − discount + its tax.' })
  total!: MoneyType;
}

@ObjectType('ShippingOption', { description: 'A way to send a cart.' })
export class ShippingOption {
  @Field(() => ID, { description: 'What cartShippingSelect takes.' })
  id!: string;

  @Field(() => String, { description: 'Name of the method.' })
  name!: string;

  @Field(() => MoneyType, { description: 'Its price for this cart.' })
  price!: MoneyType;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Earliest arrival, if ordered now.' })
  earliest!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Latest arrival, if ordered now.' })
  latest!: Date | null;
}

@ObjectType('CartProblem', {
  description: 'Something that stands in the way of ordering a cart as it is. A warning here, an error at orderPlace.',
})
export class CartProblem {
  @Field(() => CartProblemCode, { description: 'What it is.' })
  code!: CartProblemCode;

  @Field(() => CartLine, { nullable: true, description: 'The line it is about; null when it is about the cart.' })
  line!: CartLine | null;

  @Field(() => String, { description: 'What it is and what to do, for people.' })
  message!: string;
}

/** The cart of the supergraph. Everything that needs the catalogue is resolved from {@link Cart.view}. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('Cart', {
  implements: Node,
  description: 'A basket. While it has no owner, whoever knows its id may use it; cartClaim gives it one.',
})
export class Cart extends Node {
  /** Prices, totals and problems: computed once, when first asked for. */
  view!: () => Promise<CartView>;

  @Field(() => Int, { description: 'Counts the changes of content: orderPlace wants the version the customer saw.' })
  version!: number;

  @Field(() => CartStatus, { description: 'Where it is in its life.' })
  status!: CartStatus;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of all its prices; fixed when it was made.' })
  currency!: string;

  @Directive('@listSize(assumedSize: 50)')
  @Field(() => [CartLine], { description: 'Its lines, oldest first; at most 50.' })
  lines?: CartLine[];

  @Field(() => Int, { description: 'Pieces in all lines together.' })
  itemCount?: number;

  @Field(() => String, { nullable: true, description: 'Where the confirmation goes.' })
  email!: string | null;

  @Field(() => PostalAddress, { nullable: true, description: 'Where the goods go.' })
  shippingAddress!: PostalAddress | null;

  @Field(() => PostalAddress, { nullable: true, description: 'Where the invoice goes; null: where the goods go.' })
  billingAddress!: PostalAddress | null;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [ShippingOption], { description: 'Ways to send it to its address, cheapest first; empty without an address.' })
  shippingOptions?: ShippingOption[];

  @Field(() => ShippingOption, { nullable: true, description: 'The one that was chosen.' })
  selectedShipping?: ShippingOption | null;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [AppliedPromotion], { description: 'Its promotions with what each takes off; nothing, when it does not apply now.' })
  promotions?: AppliedPromotion[];

  @Field(() => Totals, { description: 'What it costs now.' })
  totals?: Totals;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [CartProblem], { description: 'What stands in the way of ordering it as it is.' })
  problems?: CartProblem[];

  @Field(() => DateTimeScalar, { description: 'When it is thrown away unless it is used again.' })
  expiresAt!: Date;
}
