import { DateTimeScalar, MoneyInput } from '@app/subgraph';
import { Field, ID, InputType, Int } from 'type-graphql';
import { FulfillmentStatus, OrderStatus, PaymentStatus, ReturnDecision, ReturnReason } from '../domain/statuses.ts';

const keyDescription = '8 to 128 visible ASCII characters of your making, such as a UUID: repeating the call with it repeats nothing.';

@InputType('OrderPlaceInput', { description: 'The cart to order, as the customer saw it.' })
export class OrderPlaceInput {
  @Field(() => ID, { description: 'The cart.' })
  cartId!: string;

  @Field(() => Int, { description: "The cart's version that the customer saw." })
  cartVersion!: number;

  @Field(() => MoneyInput, { description: "The cart's total that the customer saw. If it is another one by now, nothing is ordered." })
  expectedTotal!: MoneyInput;

  @Field(() => String, { description: "The payment provider's token for the customer's means of payment." })
  paymentMethodToken!: string;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('PaymentRetryInput', { description: 'Another attempt to pay.' })
export class PaymentRetryInput {
  @Field(() => String, { description: "The payment provider's token for the customer's means of payment." })
  paymentMethodToken!: string;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('OrderCancelInput', { description: 'Calling off an order, or the rest of it.' })
export class OrderCancelInput {
  @Field(() => String, { description: 'Why, at most 500 characters.' })
  reason!: string;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('ReturnLineInput', { description: 'What is to be sent back.' })
export class ReturnLineInput {
  @Field(() => ID, { description: 'The line of the order.' })
  lineId!: string;

  @Field(() => Int, { description: 'How many of it; not more than arrived and are not on their way back.' })
  quantity!: number;

  @Field(() => ReturnReason, { description: 'Why.' })
  reason!: ReturnReason;

  @Field(() => String, { nullable: true, description: 'More about why, at most 1000 characters.' })
  note?: string | null;
}

@InputType('ReturnRequestInput', { description: 'A return to ask for.' })
export class ReturnRequestInput {
  @Field(() => [ReturnLineInput], { description: 'What is to be sent back; at most 50 lines.' })
  lines!: ReturnLineInput[];

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('ReturnResolveInput', { description: 'What to do with a return.' })
export class ReturnResolveInput {
  @Field(() => ReturnDecision, { description: 'The decision.' })
  decision!: ReturnDecision;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'What to refund once the goods have arrived; what was paid for them when left out.',
  })
  refund?: MoneyInput | null;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('FulfillmentLineInput', { description: 'What goes into a shipment.' })
export class FulfillmentLineInput {
  @Field(() => ID, { description: 'The line of the order.' })
  lineId!: string;

  @Field(() => Int, { description: 'How many of it; not more than are left to send.' })
  quantity!: number;
}

@InputType('FulfillmentCreateInput', { description: 'A shipment to send.' })
export class FulfillmentCreateInput {
  @Field(() => [FulfillmentLineInput], { description: 'What is in it; at most 50 lines.' })
  lines!: FulfillmentLineInput[];

  @Field(() => String, { nullable: true, description: 'Who carries it, at most 80 characters.' })
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number, at most 80 characters." })
  trackingNumber?: string | null;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('PaymentAmountInput', { description: 'An amount to take.' })
export class PaymentAmountInput {
  @Field(() => MoneyInput, { description: 'How much; not more than is held.' })
  amount!: MoneyInput;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('RefundCreateInput', { description: 'Money to give back.' })
export class RefundCreateInput {
  @Field(() => MoneyInput, { description: 'How much; not more than was taken and has not gone back.' })
  amount!: MoneyInput;

  @Field(() => [ID], { nullable: true, description: 'The lines it is for, when it is for lines.' })
  lineIds?: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Put the pieces of these lines back into stock.' })
  restock!: boolean;

  @Field(() => ID, {
    nullable: true,
    description:
      'The return that this refund settles: one that was received and whose own refund was refused. Its pieces are in stock already.',
  })
  returnId?: string | null;

  @Field(() => String, { description: 'Why, at most 500 characters.' })
  reason!: string;

  @Field(() => String, { description: keyDescription })
  idempotencyKey!: string;
}

@InputType('OrderFilter', { description: 'Which orders to list; everything given must hold.' })
export class OrderFilter {
  @Field(() => [OrderStatus], { nullable: true, description: 'In one of these states.' })
  status?: OrderStatus[] | null;

  @Field(() => [PaymentStatus], { nullable: true, description: 'With money in one of these states.' })
  paymentStatus?: PaymentStatus[] | null;

  @Field(() => [FulfillmentStatus], { nullable: true, description: 'With goods in one of these states.' })
  fulfillmentStatus?: FulfillmentStatus[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Placed at or after this.' })
  placedAfter?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Placed before this.' })
  placedBefore?: Date | null;

  @Field(() => String, { nullable: true, description: 'Start of a number or an e-mail address, at most 200 characters.' })
  query?: string | null;
}
