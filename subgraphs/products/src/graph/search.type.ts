import { PageInfo } from '@app/subgraph';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import type { Facet } from '../domain/facets.ts';
import { ProductEdge, ProductType } from './product.type.ts';

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('FacetBucket', { description: 'One value of a facet.' })
export class FacetBucketType {
  @Field(() => String, { description: 'Value for the filter.' })
  value!: string;

  @Field(() => String, { description: 'Name to show.' })
  label!: string;

  @Field(() => Int, { description: "How many results have it, with all filters but this facet's own." })
  count!: number;

  @Field(() => Boolean, { description: 'True when the filter chose it.' })
  selected!: boolean;
}

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Facet', { description: 'A way to narrow a search.' })
export class FacetType {
  @Field(() => String, { description: 'category, brand, rating, stock, or attribute:<key>.' })
  key!: string;

  @Field(() => String, { description: 'Name to show.' })
  label!: string;

  @Directive('@listSize(assumedSize: 20)')
  @Field(() => [FacetBucketType], { description: 'Its values, the most frequent first, at most 20.' })
  buckets!: FacetBucketType[];
}

@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('ProductSearchConnection', { description: 'A page of search results.' })
export class ProductSearchConnection {
  @Field(() => [ProductEdge], { description: 'The results with their cursors.' })
  edges!: { cursor: string; node: ProductType }[];

  @Field(() => [ProductType], { description: 'The results alone.' })
  nodes!: ProductType[];

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo;

  /** Not fields: how totalCount and facets find their answers. */
  count?: number | null | (() => Promise<number>);
  facetCounts!: () => Promise<Facet[]>;

  @Directive('@cost(weight: 5)')
  @Field(() => Int, { nullable: true, description: 'How many results there are on all pages, counted up to 10,000.' })
  totalCount(): number | null | Promise<number> {
    return typeof this.count === 'function' ? this.count() : (this.count ?? null);
  }

  @Directive('@cost(weight: 10)')
  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [FacetType], { description: 'Ways to narrow the search further, with what each choice would leave.' })
  facets(): Promise<Facet[]> {
    return this.facetCounts();
  }
}
