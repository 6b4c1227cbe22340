import { DateTimeScalar, DecimalScalar, MoneyType } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('TaxLine', { description: 'Tax of one rate.' })
export class TaxLine {
  @Field(() => String, { description: 'Name of the tax, such as "MwSt. 19 %".' })
  title!: string;

  @Field(() => DecimalScalar, { description: 'The rate as a fraction, such as "0.19".' })
  rate!: string;

  @Field(() => MoneyType, { description: 'Its amount: the sum over the lines, each rounded once.' })
  amount!: MoneyType;
}

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Totals', { description: 'What it costs: total = subtotal − discount + shipping + tax.' })
export class Totals {
  @Field(() => MoneyType, { description: 'Unit prices times quantities.' })
  subtotal!: MoneyType;

  @Field(() => MoneyType, { description: 'What promotions take off the goods.' })
  discount!: MoneyType;

  @Field(() => MoneyType, { description: 'Shipping, after promotions; zero while no method is chosen. No tax is added to it.' })
  shipping!: MoneyType;

  @Field(() => MoneyType, { description: 'Tax on the discounted goods; zero while no country is known.' })
  tax!: MoneyType;

  @Field(() => MoneyType, { description: 'What is to be paid: what orderPlace wants as expectedTotal.' })
  total!: MoneyType;

  @Directive('@listSize(assumedSize: 3)')
  @Field(() => [TaxLine], { description: 'The tax by rate.' })
  taxLines!: TaxLine[];
}

@ObjectType('AppliedPromotion', { description: 'A promotion with what it takes off.' })
export class AppliedPromotion {
  @Field(() => String, { nullable: true, description: 'The code that was entered; null for one that applies by itself.' })
  code!: string | null;

  @Field(() => String, { description: 'Its name.' })
  title!: string;

  @Field(() => MoneyType, { description: 'What it takes off goods or shipping.' })
  discount!: MoneyType;
}

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('DeliveryEstimate', { description: 'What sending one piece would cost, and when it would arrive.' })
export class DeliveryEstimate {
  @Field(() => String, { description: 'Name of the shipping method.' })
  methodName!: string;

  @Field(() => MoneyType, { description: 'Price of sending one piece alone.' })
  price!: MoneyType;

  @Field(() => DateTimeScalar, { description: 'Earliest arrival.' })
  earliest!: Date;

  @Field(() => DateTimeScalar, { description: 'Latest arrival.' })
  latest!: Date;
}
