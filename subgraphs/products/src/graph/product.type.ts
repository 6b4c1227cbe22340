import { connectionType, DateTimeScalar, MoneyType, Node } from '@app/subgraph';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import type { ProductStatus } from '../domain/product.ts';
import { ProductStatusEnum } from './enums.ts';

@ObjectType('ProductOption', { description: 'A choice that the variants of a product differ in.' })
export class ProductOptionType {
  @Field(() => String, { description: 'Name of the choice, such as Colour.' })
  name!: string;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [String], { description: 'What can be chosen, in the order to show.' })
  values!: string[];
}

@ObjectType('ProductAttribute', { description: 'A fact about a product.' })
export class ProductAttributeType {
  @Field(() => String, { description: 'Key for filters, such as made-in.' })
  key!: string;

  @Field(() => String, { description: 'Name to show.' })
  label!: string;

  @Field(() => String, { description: 'Value to show and to filter by.' })
  value!: string;
}

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('PriceRange', { description: 'From the cheapest variant to the dearest.' })
export class PriceRange {
  @Field(() => MoneyType, { description: 'Price of the cheapest variant.' })
  min!: MoneyType;

  @Field(() => MoneyType, { description: 'Price of the dearest variant.' })
  max!: MoneyType;
}

@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType('Product', { implements: Node, description: 'Something the shop sells, in one or more variants.' })
export class ProductType extends Node {
  @Field(() => String, { description: 'Readable address, unique among products that are not archived.' })
  slug!: string;

  @Field(() => String, { description: 'Name.' })
  title!: string;

  @Field(() => String, { description: 'What it is, in plain text.' })
  description!: string;

  @Field(() => String, { nullable: true, description: 'Brand.' })
  brand!: string | null;

  @Field(() => ProductStatusEnum, { description: 'Where it stands in its life.' })
  status!: ProductStatus;

  @Directive('@listSize(assumedSize: 3)')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => [ProductOptionType], { description: 'Choices that lead to a variant.' })
  options!: ProductOptionType[];

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it went on sale first.' })
  publishedAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was written first.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was changed last.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Moves on with every change; send it as expectedVersion.' })
  version!: number;
}

export const { Connection: ProductConnection, Edge: ProductEdge } = connectionType('Product', () => ProductType, {
  items: 'products',
  totalCount: 'optional',
  totalCountCost: 5,
});
