import { connectionType, Node } from '@app/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { AvailabilityState } from '../domain/availability.ts';
import { AvailabilityStateEnum } from './enums.ts';

@ObjectType('SelectedOption', { description: 'What a variant is in one of the choices.' })
export class SelectedOptionType {
  @Field(() => String, { description: 'Name of the choice.' })
  name!: string;

  @Field(() => String, { description: 'What this variant is.' })
  value!: string;
}

@Directive('@cacheControl(maxAge: 60)')
@ObjectType('Availability', { description: 'Whether it can be had: bands only, never an exact figure.' })
export class AvailabilityType {
  @Field(() => Boolean, { description: 'True when at least one can be ordered now.' })
  purchasable!: boolean;

  @Field(() => AvailabilityStateEnum, { description: 'How much there is.' })
  state!: AvailabilityState;

  @Field(() => Int, { description: 'Most units that one order can have now.' })
  maxOrderQuantity!: number;
}

@ObjectType('StockLocation', { description: 'Where stock lies.' })
export class StockLocationType {
  @Field(() => ID, { description: 'Its id, `loc_…`.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;
}

@ObjectType('InventoryLevel', { description: 'Stock of a variant at a location.' })
export class InventoryLevel {
  @Field(() => StockLocationType, { description: 'Where.' })
  location!: StockLocationType;

  @Field(() => Int, { description: 'Units that are there.' })
  onHand!: number;

  @Field(() => Int, { description: 'Units of these that are promised to orders.' })
  reserved!: number;

  @Field(() => Int, { description: 'Units that can still be sold.' })
  available!: number;

  @Field(() => Int, { description: 'Moves on with every change.' })
  version!: number;
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "sku")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType('ProductVariant', { implements: Node, description: 'What can be put into a cart.' })
export class ProductVariantType extends Node {
  @Field(() => String, { description: 'Stock keeping unit: the number on the box.' })
  sku!: string;

  @Field(() => String, { description: 'Name within its product.' })
  title!: string;

  @Directive('@listSize(assumedSize: 3)')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => [SelectedOptionType], { description: "What it is in each of its product's choices." })
  selectedOptions!: SelectedOptionType[];

  @Field(() => Int, { description: 'Weight of one piece in grams.' })
  weightGrams!: number;

  @Field(() => String, { description: 'How it is taxed: standard, reduced or zero.' })
  taxCategory!: string;
}

export const { Connection: ProductVariantConnection } = connectionType('ProductVariant', () => ProductVariantType, {
  items: 'variants',
  totalCount: 'optional',
});
