import { type Connection, pageRequest } from '@app/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { ratingAverage, ratingCount } from '../domain/rating.ts';
import { ReviewSort } from '../domain/vocabulary.ts';
import { mapConnection, QuestionConnection, ReviewConnection } from './connections.ts';
import { Product, RatingSummary } from './product.type.ts';
import { Question } from './question.type.ts';
import { Review } from './review.type.ts';
import { ReviewFilterInput, toFilter } from './review-filter.input.ts';
import { SizedByFirst } from './sized.ts';

@Resolver(() => Product)
export class ProductResolver {
  @Directive('@cacheControl(maxAge: 30)')
  @FieldResolver(() => RatingSummary, { nullable: true, description: 'What all visible reviews say together.' })
  async ratingSummary(@Root() { id }: Product, @Ctx() { loaders }: Context): Promise<RatingSummary> {
    const counts = await loaders.rating.load(id);
    const distribution = counts.stars.map((count, index) => ({ stars: index + 1, count })).reverse();
    return { average: ratingAverage(counts), count: ratingCount(counts), verifiedCount: counts.verified, distribution };
  }

  @Directive('@cacheControl(maxAge: 30)')
  @SizedByFirst()
  @FieldResolver(() => ReviewConnection, { nullable: true, description: 'Visible reviews.' })
  async reviews(
    @Root() { id }: Product,
    @Ctx() { loaders }: Context,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on behind.' }) after: string | null,
    @Arg('sort', () => ReviewSort, { nullable: true, defaultValue: ReviewSort.MOST_HELPFUL, description: 'Order.' })
    sort: ReviewSort | null,
    @Arg('filter', () => ReviewFilterInput, { nullable: true, description: 'Only those that match all of it.' })
    filter: ReviewFilterInput | null,
  ): Promise<Connection<Review>> {
    const order = sort ?? ReviewSort.MOST_HELPFUL;
    const page = pageRequest({ first, after }, order, 2);
    return mapConnection(await loaders.reviewsOfProduct(id, { page, sort: order, filter: toFilter(filter) }), Review.of);
  }

  @Directive('@authenticated')
  @Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
  @FieldResolver(() => Review, { nullable: true, description: "The viewer's own review, whatever its status; null when there is none." })
  async viewerReview(@Root() { id }: Product, @Ctx() { loaders }: Context): Promise<Review | null> {
    const row = await loaders.viewerReview.load(id);
    return row === null ? null : Review.of(row);
  }

  @Directive('@cacheControl(maxAge: 30)')
  @SizedByFirst()
  @FieldResolver(() => QuestionConnection, { nullable: true, description: 'What people ask, newest first.' })
  async questions(
    @Root() { id }: Product,
    @Ctx() { loaders }: Context,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on behind.' }) after: string | null,
  ): Promise<Connection<Question>> {
    return mapConnection(await loaders.questionsOfProduct(id, pageRequest({ first, after }, 'QUESTIONS', 2)), Question.of);
  }
}
