import { type Connection, pageRequest } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { ReviewSort } from '../domain/vocabulary.ts';
import { mapConnection, ReviewConnection } from './connections.ts';
import { Review } from './review.type.ts';
import { SizedByFirst } from './sized.ts';
import { User } from './user.type.ts';

@Resolver(() => User)
export class UserResolver {
  @Directive('@cacheControl(maxAge: 30)')
  @FieldResolver(() => Int, { nullable: true, description: 'How many visible reviews they have written.' })
  reviewCount(@Root() { id }: User, @Ctx() { loaders }: Context): Promise<number> {
    return loaders.reviewCount('author', id, {});
  }

  @Directive('@cacheControl(maxAge: 30)')
  @SizedByFirst()
  @FieldResolver(() => ReviewConnection, { nullable: true, description: 'Their visible reviews, newest first.' })
  async reviews(
    @Root() { id }: User,
    @Ctx() { loaders }: Context,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on behind.' }) after: string | null,
  ): Promise<Connection<Review>> {
    const page = pageRequest({ first, after }, ReviewSort.NEWEST, 2);
    return mapConnection(await loaders.reviewsOfAuthor(id, { page, sort: ReviewSort.NEWEST, filter: {} }), Review.of);
  }
}
