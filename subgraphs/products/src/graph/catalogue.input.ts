import { CurrencyCodeScalar, MinorUnitsScalar } from '@app/subgraph';
import { Field, Float, ID, InputType } from 'type-graphql';
import type { ProductStatus } from '../domain/product.ts';
import type { ProductFilterFacts } from '../domain/product-filter.ts';
import { ProductStatusEnum } from './enums.ts';

@InputType('PriceRangeInput', { description: 'Bounds of a price, both included.' })
export class PriceRangeInput {
  @Field(() => MinorUnitsScalar, { nullable: true, description: 'At least this, in minor units.' })
  minMinor?: number | null;

  @Field(() => MinorUnitsScalar, { nullable: true, description: 'At most this, in minor units.' })
  maxMinor?: number | null;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the bounds; a list sorted by price is sorted in it too.' })
  currency!: string;
}

@InputType('AttributeFilter', { description: 'An attribute that a product must have.' })
export class AttributeFilter {
  @Field(() => String, { description: 'Key of the attribute.' })
  key!: string;

  @Field(() => [String], { description: 'Any of these values.' })
  anyOf!: string[];
}

@InputType('ProductFilter', { description: 'What a list is narrowed by: everything given must hold.' })
export class ProductFilter implements ProductFilterFacts {
  @Field(() => [ID], { nullable: true, description: 'In any of these categories or below them.' })
  categoryIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'In any of these collections.' })
  collectionIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of any of these brands.' })
  brands?: string[] | null;

  @Field(() => PriceRangeInput, { nullable: true, description: 'Some variant costs between these.' })
  price?: PriceRangeInput | null;

  @Field(() => Boolean, { nullable: true, description: 'true: can be had now; false: cannot.' })
  inStock?: boolean | null;

  @Field(() => Float, { nullable: true, description: 'Rated at least this, from 0 to 5.' })
  minRating?: number | null;

  @Field(() => [AttributeFilter], { nullable: true, description: 'Has all of these attributes; each key once.' })
  attributes?: AttributeFilter[] | null;

  @Field(() => [ProductStatusEnum], {
    nullable: true,
    description: 'In any of these statuses; ACTIVE when left out. Others are there only for those who keep the catalogue.',
  })
  status?: ProductStatus[] | null;
}
