import { Field, ID, InputType, Int } from 'type-graphql';
import { ModerationDecision, ReportReason } from '../domain/vocabulary.ts';
import './enums.ts';

@InputType('ReviewSubmitInput', { description: 'A new review.' })
export class ReviewSubmitInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => Int, { description: 'Stars, 1 to 5.' })
  rating!: number;

  @Field(() => String, { nullable: true, description: 'Headline, at most 120 characters.' })
  title?: string | null;

  @Field(() => String, { description: 'The text, at most 5,000 characters.' })
  body!: string;

  @Field(() => [ID], { nullable: true, description: 'Finished uploads to show as pictures, at most 5.' })
  mediaUploadIds?: string[] | null;
}

@InputType('ReviewUpdateInput', { description: 'What to change of a review; what is left out stays.' })
export class ReviewUpdateInput {
  @Field(() => Int, { nullable: true, description: 'Stars, 1 to 5.' })
  rating?: number | null;

  @Field(() => String, { nullable: true, description: 'Headline, at most 120 characters; null takes it off.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'The text, at most 5,000 characters.' })
  body?: string | null;
}

@InputType('ReviewReportInput', { description: 'A report of a review to the moderators.' })
export class ReviewReportInput {
  @Field(() => ID, { description: 'The review.' })
  reviewId!: string;

  @Field(() => ReportReason, { description: 'What is wrong with it.' })
  reason!: ReportReason;

  @Field(() => String, { nullable: true, description: 'More about it, at most 1,000 characters; only moderators read it.' })
  note?: string | null;
}

@InputType('ReviewModerateInput', { description: "A moderator's decision." })
export class ReviewModerateInput {
  @Field(() => ModerationDecision, { description: 'What to do.' })
  decision!: ModerationDecision;

  @Field(() => String, { nullable: true, description: 'Why, as a code in capitals that the author is shown.' })
  reasonCode?: string | null;

  @Field(() => String, { nullable: true, description: 'More about it for other moderators, at most 1,000 characters.' })
  note?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the moderator has seen: what its author changed since is not decided with it. Left out, any.',
  })
  expectedVersion?: number | null;
}
