import { MoneyType } from '@app/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ProductVariant } from './product-variant.type.ts';

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('OrderLine', { description: 'Snapshot: title, sku and prices are what was bought, not what the catalogue says now.' })
export class OrderLine {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  variantId!: string;

  @Field(() => ProductVariant, {
    nullable: true,
    description: 'The variant as it is now; null when it is gone or the catalogue does not answer.',
  })
  get variant(): ProductVariant {
    return { id: this.variantId } as ProductVariant;
  }

  @Field(() => String, { description: 'Its sku when it was bought.' })
  sku!: string;

  @Field(() => String, { description: 'Its title when it was bought.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'Its picture when it was bought.' })
  imageUrl!: string | null;

  @Field(() => Int, { description: 'How many.' })
  quantity!: number;

  @Field(() => MoneyType, { description: 'Price of one.' })
  unitPrice!: MoneyType;

  @Field(() => MoneyType, { description: 'Its share of the discounts.' })
  discount!: MoneyType;

  @Field(() => MoneyType, { description: 'Its tax, rounded once.' })
  tax!: MoneyType;

  @Field(() => MoneyType, { description: 'unitPrice × quantity − discount + tax.' })
  total!: MoneyType;

  @Field(() => Int, { description: 'How many are in shipments.' })
  fulfilledQuantity!: number;

  @Field(() => Int, { description: 'How many were called off before they were sent.' })
  cancelledQuantity!: number;

  @Field(() => Int, { description: 'How many came back.' })
  returnedQuantity!: number;
}
