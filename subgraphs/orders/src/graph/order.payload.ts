import { MoneyType, UserError } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';
import { CartLine } from './cart.type.ts';
import { Order } from './order.type.ts';

@ObjectType('OutOfStockError', {
  implements: UserError,
  description: 'Something is sold out, or there are fewer left than were asked for.',
})
export class OutOfStockError extends UserError {
  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [CartLine], { description: 'The lines of the cart it is about.' })
  lines!: CartLine[];
}

@ObjectType('PriceChangedError', {
  implements: UserError,
  description: 'The total is another one than the customer saw: show it again, then order with the new one.',
})
export class PriceChangedError extends UserError {
  @Field(() => MoneyType, { description: 'The total that the customer saw.' })
  expected!: MoneyType;

  @Field(() => MoneyType, { description: 'The total of now.' })
  actual!: MoneyType;
}

@ObjectType('PaymentDeclinedError', { implements: UserError, description: 'The payment provider refused.' })
export class PaymentDeclinedError extends UserError {
  @Field(() => String, { nullable: true, description: "The provider's reason, such as insufficient_funds." })
  declineCode!: string | null;

  @Field(() => Boolean, { description: 'Whether trying again, perhaps with other means of payment, may work.' })
  retryable!: boolean;
}

@ObjectType('OrderPayload', {
  description: 'What came of it. replayed is true when an earlier call with the same idempotencyKey made this order.',
})
export class OrderPayload {
  @Field(() => Order, {
    nullable: true,
    description: 'The order as it is now. An order that was rejected comes with the reason in userErrors.',
  })
  order!: Order | null;

  @Field(() => Boolean, { description: 'True when an earlier call with the same idempotencyKey did this.' })
  replayed!: boolean;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [UserError], { description: 'What went wrong; empty when it worked.' })
  userErrors!: UserError[];
}
