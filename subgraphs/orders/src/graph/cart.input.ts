import { CurrencyCodeScalar, PostalAddressInput } from '@app/subgraph';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('CartLineInput', { description: 'A variant to put into a cart.' })
export class CartLineInput {
  @Field(() => ID, { description: 'The variant.' })
  variantId!: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many, 1 to 99; added to what the cart has of it.' })
  quantity!: number;
}

@InputType('CartLineUpdateInput', { description: 'The new quantity of a line.' })
export class CartLineUpdateInput {
  @Field(() => ID, { description: 'The line.' })
  lineId!: string;

  @Field(() => Int, { description: 'How many, 0 to 99; 0 removes the line.' })
  quantity!: number;
}

@InputType('CartCreateInput', { description: 'A new cart.' })
export class CartCreateInput {
  @Field(() => CurrencyCodeScalar, { nullable: true, description: 'Currency of its prices, for good; EUR when left out.' })
  currency?: string | null;

  @Field(() => [CartLineInput], { nullable: true, description: 'First lines, at most 50.' })
  lines?: CartLineInput[] | null;
}

@InputType('CartContactInput', { description: 'Who buys, and where it goes. What is left out stays as it is; null clears it.' })
export class CartContactInput {
  @Field(() => String, { nullable: true, description: 'Where the confirmation goes.' })
  email?: string | null;

  @Field(() => PostalAddressInput, { nullable: true, description: 'Where the goods go. Another country clears the shipping method.' })
  shippingAddress?: PostalAddressInput | null;

  @Field(() => PostalAddressInput, { nullable: true, description: 'Where the invoice goes.' })
  billingAddress?: PostalAddressInput | null;
}
