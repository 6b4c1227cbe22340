import type { Connection } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { Account } from './account.type.ts';
import { mapConnection, ReviewableItemConnection } from './connections.ts';
import { ReviewableItem } from './reviewable-item.type.ts';
import { SizedByFirst } from './sized.ts';

@Resolver(() => Account)
export class AccountResolver {
  @Directive('@authenticated')
  @SizedByFirst()
  @FieldResolver(() => ReviewableItemConnection, {
    nullable: true,
    description: 'What the account holder received, kept and has not reviewed, latest first; null in any other account.',
  })
  async reviewableItems(
    @Root() { id }: Account,
    @Ctx() { principal, services }: Context,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on behind.' }) after: string | null,
  ): Promise<Connection<ReviewableItem> | null> {
    const page = await services.reading.reviewableItems(principal, id, { first, after });
    return page === null ? null : mapConnection(page, ReviewableItem.of);
  }
}
