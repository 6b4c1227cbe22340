import { Node } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType('Category', { implements: Node, description: 'A place in the catalogue; at most five levels deep.' })
export class CategoryType extends Node {
  @Field(() => String, { description: 'Readable address, unique.' })
  slug!: string;

  @Field(() => String, { description: 'Name.' })
  name!: string;
}

@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType('Collection', { implements: Node, description: 'Products put together for an occasion.' })
export class CollectionType extends Node {
  @Field(() => String, { description: 'Readable address, unique.' })
  slug!: string;

  @Field(() => String, { description: 'Title.' })
  title!: string;
}
