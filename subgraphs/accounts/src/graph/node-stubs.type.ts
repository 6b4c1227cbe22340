import { Node } from '@app/subgraph';
import { type ClassType, Directive, ObjectType } from 'type-graphql';
import type { NodeKind } from '../domain/node-kind.ts';

/** A type of another subgraph of which this one knows the id and nothing else. */
function stub(name: NodeKind): ClassType<Node> {
  @Directive('@key(fields: "id", resolvable: false)')
  @ObjectType(name, { implements: Node })
  class Stub extends Node {}
  return Stub;
}

/** Types that other subgraphs own, for {@link NodeResolver}: from here the gateway goes on to their owner. */
export const nodeStubs: Readonly<Partial<Record<NodeKind, ClassType<Node>>>> = Object.fromEntries(
  (['Product', 'ProductVariant', 'Category', 'Collection', 'Review', 'Question', 'Answer', 'Cart', 'Order'] as const).map((name) => [
    name,
    stub(name),
  ]),
);
