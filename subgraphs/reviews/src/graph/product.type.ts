import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';

/** The part of the catalogue's product that reviews adds to. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 30)')
@ObjectType('Product', { description: 'Something the shop sells, in one or more variants.' })
export class Product {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;

  static of(id: string): Product {
    return Object.assign(new Product(), { id });
  }
}

@ObjectType('RatingBucket', { description: 'How many reviews gave a number of stars.' })
export class RatingBucket {
  @Field(() => Int, { description: 'Stars, 1 to 5.' })
  stars!: number;

  @Field(() => Int, { description: 'Visible reviews with that many stars.' })
  count!: number;
}

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('RatingSummary', { description: 'What all visible reviews of a product say together.' })
export class RatingSummary {
  @Field(() => Float, { nullable: true, description: 'Mean of the stars, rounded to hundredths; null without reviews.' })
  average!: number | null;

  @Field(() => Int, { description: 'Visible reviews.' })
  count!: number;

  @Field(() => Int, { description: 'Visible reviews by people who bought the product here.' })
  verifiedCount!: number;

  @Directive('@listSize(assumedSize: 5)')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => [RatingBucket], { description: 'One entry for each number of stars, from 5 down to 1.' })
  distribution!: RatingBucket[];
}
