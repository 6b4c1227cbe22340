import { DateTimeScalar, MoneyType } from '@app/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { NextActionKind, PaymentEventKind, PaymentStatus } from '../domain/statuses.ts';

@ObjectType('PaymentEvent', { description: 'One entry of the payment ledger, which is only ever added to.' })
export class PaymentEvent {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => PaymentEventKind, { description: 'What happened.' })
  kind!: PaymentEventKind;

  @Field(() => MoneyType, { description: 'The amount it is about.' })
  amount!: MoneyType;

  @Field(() => String, { nullable: true, description: "The provider's reference; of a request, the key it was made under." })
  providerRef!: string | null;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at!: Date;
}

@ObjectType('Payment', { description: 'One attempt to pay an order.' })
export class Payment {
  /** Not a field: that of its events' amounts. */
  currency!: string;

  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'Name of the payment provider.' })
  provider!: string;

  @Field(() => PaymentStatus, { description: 'Its state, derived from its events.' })
  status!: PaymentStatus;

  @Field(() => MoneyType, { description: 'What it is for.' })
  amount!: MoneyType;

  @Field(() => MoneyType, { description: 'What was taken.' })
  captured!: MoneyType;

  @Field(() => MoneyType, { description: 'What went back.' })
  refunded!: MoneyType;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [PaymentEvent], { description: 'What was asked of the provider and what it answered, oldest first.' })
  events?: PaymentEvent[];
}

@ObjectType('PaymentNextAction', { description: 'What the customer has to do to pay.' })
export class PaymentNextAction {
  @Field(() => NextActionKind, { description: 'How.' })
  kind!: NextActionKind;

  @Field(() => String, { nullable: true, description: 'Where to send the customer, for REDIRECT.' })
  url!: string | null;

  @Field(() => String, { nullable: true, description: "For the provider's library, for CONFIRM_IN_CLIENT." })
  clientSecret!: string | null;

  @Field(() => DateTimeScalar, { description: 'Until when; then the order expires.' })
  expiresAt!: Date;
}
