import { UserError } from '@app/subgraph';
import { Field, ID, ObjectType } from 'type-graphql';
import { Answer } from './answer.type.ts';
import { Question } from './question.type.ts';
import { Review } from './review.type.ts';

@ObjectType('AlreadyReviewedError', { implements: UserError, description: 'You have reviewed this product: change that review instead.' })
export class AlreadyReviewedError extends UserError {
  @Field(() => Review, { description: 'Your review.' })
  existing!: Review;
}

@ObjectType('ReviewPayload', { description: 'What came of it.' })
export class ReviewPayload {
  @Field(() => Review, { nullable: true, description: 'The review as it is now; null when nothing was done.' })
  review!: Review | null;

  @Field(() => [UserError], { description: 'What stood in the way; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType('ReviewDeletePayload', { description: 'What came of it.' })
export class ReviewDeletePayload {
  @Field(() => ID, { nullable: true, description: 'Id of the review that is gone; null when nothing was done.' })
  deletedId!: string | null;

  @Field(() => [UserError], { description: 'What stood in the way; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType('QuestionPayload', { description: 'What came of it.' })
export class QuestionPayload {
  @Field(() => Question, { nullable: true, description: 'The question; null when nothing was done.' })
  question!: Question | null;

  @Field(() => [UserError], { description: 'What stood in the way; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType('AnswerPayload', { description: 'What came of it.' })
export class AnswerPayload {
  @Field(() => Answer, { nullable: true, description: 'The answer; null when nothing was done.' })
  answer!: Answer | null;

  @Field(() => [UserError], { description: 'What stood in the way; empty when it was done.' })
  userErrors!: UserError[];
}
