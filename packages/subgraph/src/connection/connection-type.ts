import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../types/page-info.type.ts';
import type { Total } from './page.ts';

/** What a connection type needs to know. */
export interface ConnectionTypeOptions {
  /** Name of the items in descriptions, such as `products`. */
  readonly items: string;
  /** Whether there is a total: `optional` where it may be too expensive to count. */
  readonly totalCount: 'required' | 'optional' | 'none';
  /** Cost weight of counting, when it is high. */
  readonly totalCountCost?: number;
}

/** Makes the Edge and Connection object types of a node type (Relay cursor connections specification, plus `nodes`). */
export function connectionType<Node extends object>(name: string, node: () => ClassType<Node>, options: ConnectionTypeOptions) {
  @Directive('@cacheControl(inheritMaxAge: true)')
  @ObjectType(`${name}Edge`, { description: `One of the ${options.items} with its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'Place of this item in the list; opaque.' })
    cursor!: string;

    @Field(() => node(), { description: 'The item.' })
    node!: Node;
  }

  @Directive('@cacheControl(inheritMaxAge: true)')
  @ObjectType(`${name}Connection`, { description: `A page of ${options.items}.` })
  class Connection {
    @Field(() => [Edge], { description: 'The items with their cursors.' })
    edges!: Edge[];

    @Field(() => [node()], { description: 'The items alone.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo!: PageInfo;

    /** Not a field: how {@link totalCount} finds its answer. */
    count?: Total;

    @TotalCount(options)
    totalCount(): number | null | Promise<number> {
      return typeof this.count === 'function' ? this.count() : (this.count ?? null);
    }
  }

  return { Edge, Connection };
}

/** Declares `totalCount` as the options say; `none` leaves it out of the schema. */
function TotalCount({ items, totalCount, totalCountCost }: ConnectionTypeOptions): MethodDecorator {
  return (prototype, name, descriptor) => {
    if (totalCount === 'none') return;
    const description = `How many ${items} there are on all pages.`;
    Field(() => Int, { nullable: totalCount === 'optional', description })(prototype, name, descriptor);
    if (totalCountCost !== undefined) (Directive(`@cost(weight: ${totalCountCost})`) as MethodDecorator)(prototype, name, descriptor);
  };
}
