import { UserError } from '@app/subgraph';
import { Field, ObjectType } from 'type-graphql';
import { ProductType } from './product.type.ts';
import { ProductVariantType } from './variant.type.ts';

@ObjectType('ProductPayload', { description: 'What came of it.' })
export class ProductPayload {
  @Field(() => ProductType, { nullable: true, description: 'The product as it is now; null when nothing was done.' })
  product!: ProductType | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when all went well.' })
  userErrors!: UserError[];
}

@ObjectType('InventoryPayload', { description: 'What came of it.' })
export class InventoryPayload {
  @Field(() => [ProductVariantType], { nullable: true, description: 'The variants whose stock was changed; null when nothing was done.' })
  variants!: ProductVariantType[] | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when all went well.' })
  userErrors!: UserError[];
}
