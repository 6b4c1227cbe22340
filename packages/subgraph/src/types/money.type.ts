import 'reflect-metadata';
import { type Money as ExactMoney, toDecimal } from '@app/money';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { CurrencyCodeScalar, DecimalScalar, MinorUnitsScalar } from '../scalars.ts';

/** An exact amount of money. Build it with {@link MoneyType.of}. */
@Directive('@shareable')
@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Money', { description: 'An exact amount of money.' })
export class MoneyType implements ExactMoney {
  @Field(() => MinorUnitsScalar, { description: 'The amount in whole minor units of its currency: 1290 is 12.90 EUR or 1290 JPY.' })
  minor!: number;

  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: "The amount for display, with the currency's number of digits." })
  get decimal(): string {
    return toDecimal(this);
  }

  /** The GraphQL face of an exact amount. */
  static of({ minor, currency }: ExactMoney): MoneyType {
    return Object.assign(new MoneyType(), { minor, currency });
  }
}

/** An amount sent by a client. */
@InputType('MoneyInput', { description: 'An exact amount of money.' })
export class MoneyInput implements ExactMoney {
  @Field(() => MinorUnitsScalar, { description: 'Whole minor units of the currency.' })
  minor!: number;

  @Field(() => CurrencyCodeScalar, { description: 'The currency.' })
  currency!: string;
}
