import { AppError } from '@app/errors';
import { Node } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { nodeKindOf } from '../domain/node-kind.ts';
import { nodeStubs } from './node-stubs.type.ts';
import { references } from './references.ts';

/** Most ids that one call of `nodes` takes. */
const maxIds = 100;

/**
 * Relay's global look-up. The prefix of an id says its type; the owner of the type, asked by the gateway for everything
 * beyond the id, knows whether it is there and whether the caller may see it.
 */
@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Anything by its id; null when there is no such thing.' })
  node(@Arg('id', () => ID, { description: 'Id of what to find.' }) id: string, @Ctx() context: AccountsContext): Promise<Node | null> {
    return nodeOf(id, context);
  }

  @Directive('@listSize(assumedSize: 20)')
  @Query(() => [Node], {
    nullable: 'items',
    description: 'Several things by their ids, in their order; null where there is no such thing.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Ids of what to find, at most 100.' }) ids: string[],
    @Ctx() context: AccountsContext,
  ): Promise<(Node | null)[]> {
    if (ids.length > maxIds) throw new AppError('BAD_USER_INPUT', `ids must be at most ${maxIds}, these are ${ids.length}.`);
    return Promise.all(ids.map((id) => nodeOf(id, context)));
  }
}

/** Our own things are looked up; of others the id is all that we know. */
async function nodeOf(id: string, context: AccountsContext): Promise<Node | null> {
  const kind = nodeKindOf(id);
  if (!kind) return null;
  const stub = nodeStubs[kind];
  if (stub) return Object.assign(new stub(), { id });
  const found = await references[kind]?.({ __typename: kind, id }, context);
  return found instanceof Node ? found : null;
}
