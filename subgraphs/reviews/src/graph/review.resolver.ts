import { type Connection, toPayload, UserFault, userError } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { AlreadyReviewed } from '../domain/already-reviewed.ts';
import { ReviewStatus, VoteValue } from '../domain/vocabulary.ts';
import type { ReviewRow } from '../service/rows.ts';
import { mapConnection, ReviewConnection } from './connections.ts';
import { AlreadyReviewedError, ReviewDeletePayload, ReviewPayload } from './payloads.ts';
import { Review } from './review.type.ts';
import { ReviewModerateInput, ReviewReportInput, ReviewSubmitInput, ReviewUpdateInput } from './review-inputs.ts';
import { SizedByFirst } from './sized.ts';

@Resolver(() => Review)
export class ReviewResolver {
  @Query(() => Review, { nullable: true, description: 'A review by id; null when there is none or it is not visible to the viewer.' })
  async review(@Ctx() { loaders }: Context, @Arg('id', () => ID, { description: 'Its id.' }) id: string): Promise<Review | null> {
    const row = await loaders.review.load(id);
    return row === null ? null : Review.of(row);
  }

  @Directive('@requiresScopes(scopes: [["reviews:moderate"]])')
  @Directive('@tag(name: "admin")')
  @SizedByFirst()
  @Query(() => ReviewConnection, { description: 'What moderators work through, oldest first.' })
  async reviewModerationQueue(
    @Ctx() { principal, services }: Context,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on behind.' }) after: string | null,
    @Arg('status', () => ReviewStatus, { nullable: true, defaultValue: ReviewStatus.PENDING, description: 'Reviews in this status.' })
    status: ReviewStatus | null,
  ): Promise<Connection<Review>> {
    const page = await services.reading.moderationQueue(principal, status ?? ReviewStatus.PENDING, { first, after });
    return mapConnection(page, Review.of);
  }

  @Directive('@authenticated')
  @Mutation(() => ReviewPayload, { description: 'Writes a review; it is visible when a moderator has published it.' })
  reviewSubmit(
    @Ctx() context: Context,
    @Arg('input', () => ReviewSubmitInput, { description: 'The review.' }) input: ReviewSubmitInput,
  ): Promise<ReviewPayload> {
    return answer(context, async () => {
      try {
        return await context.services.authoring.submit(context.principal, input);
      } catch (error) {
        if (!(error instanceof AlreadyReviewed)) throw error;
        const facts = {
          code: 'ALREADY_REVIEWED',
          message: 'You have reviewed this product: change that review.',
          path: ['input', 'productId'],
        };
        throw new UserFault(userError(AlreadyReviewedError, facts, { existing: Review.of(error.existing as ReviewRow) }));
      }
    });
  }

  @Directive('@authenticated')
  @Mutation(() => ReviewPayload, {
    description: "Changes one's own review. It goes back to the moderators; what was visible stays so meanwhile.",
  })
  reviewUpdate(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'The review.' }) id: string,
    @Arg('input', () => ReviewUpdateInput, { description: 'What to change.' }) input: ReviewUpdateInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Change it only if this is its version.' }) expectedVersion:
      | number
      | null,
  ): Promise<ReviewPayload> {
    const request = { id, input, expectedVersion: expectedVersion ?? null };
    return answer(context, () => context.services.authoring.update(context.principal, request));
  }

  @Directive('@authenticated')
  @Mutation(() => ReviewDeletePayload, { description: "Takes one's own review off for good." })
  reviewDelete(@Ctx() context: Context, @Arg('id', () => ID, { description: 'The review.' }) id: string): Promise<ReviewDeletePayload> {
    const work = async () => ({ deletedId: await context.services.authoring.delete(context.principal, id) });
    return toPayload(work, { deletedId: null }).finally(() => context.loaders.clear());
  }

  @Directive('@authenticated')
  @Mutation(() => ReviewPayload, {
    description: 'Says whether a review of somebody else helped; the last word counts, null takes it back.',
  })
  reviewVoteSet(
    @Ctx() context: Context,
    @Arg('reviewId', () => ID, { description: 'The review.' }) reviewId: string,
    @Arg('value', () => VoteValue, { nullable: true, description: 'The vote; null clears it.' }) value: VoteValue | null,
  ): Promise<ReviewPayload> {
    return answer(context, () => context.services.feedback.vote(context.principal, reviewId, value ?? null));
  }

  @Directive('@authenticated')
  @Mutation(() => ReviewPayload, { description: 'Reports a review of somebody else to the moderators.' })
  reviewReport(
    @Ctx() context: Context,
    @Arg('input', () => ReviewReportInput, { description: 'The report.' }) input: ReviewReportInput,
  ): Promise<ReviewPayload> {
    return answer(context, () => context.services.feedback.report(context.principal, input));
  }

  @Directive('@requiresScopes(scopes: [["reviews:moderate"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ReviewPayload, { description: 'Publishes, rejects or hides a review.' })
  reviewModerate(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'The review.' }) id: string,
    @Arg('input', () => ReviewModerateInput, { description: 'The decision.' }) input: ReviewModerateInput,
  ): Promise<ReviewPayload> {
    return answer(context, () => context.services.moderation.moderate(context.principal, id, input));
  }

  @Directive('@requiresScopes(scopes: [["reviews:reply"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ReviewPayload, { description: "Sets the shop's reply to a visible review." })
  reviewReplySet(
    @Ctx() context: Context,
    @Arg('reviewId', () => ID, { description: 'The review.' }) reviewId: string,
    @Arg('body', () => String, { nullable: true, description: 'The text, at most 5,000 characters; null takes the reply off.' }) body:
      | string
      | null,
  ): Promise<ReviewPayload> {
    return answer(context, () => context.services.moderation.reply(context.principal, reviewId, body ?? null));
  }
}

/** The payload of a mutation that ends with a review. Whatever the request reads afterwards is read anew. */
function answer({ loaders }: Context, work: () => Promise<ReviewRow>): Promise<ReviewPayload> {
  return toPayload(async () => ({ review: Review.of(await work()) }), { review: null }).finally(() => loaders.clear());
}
