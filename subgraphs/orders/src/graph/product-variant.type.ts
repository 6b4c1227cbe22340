import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { DeliveryEstimate } from './totals.type.ts';

/** The part of the catalogue's variant that orders adds to. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType('ProductVariant', { description: 'What can be put into a cart.' })
export class ProductVariant {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;

  @Directive('@external')
  @Field(() => Int, { description: 'Weight of one piece in grams.' })
  weightGrams!: number;

  @Directive('@requires(fields: "weightGrams")')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [DeliveryEstimate], {
    nullable: true,
    description: 'What sending one piece would cost, cheapest first; empty where nothing is delivered.',
  })
  deliveryEstimates?: DeliveryEstimate[] | null;
}
