import { DateTimeScalar } from '@app/subgraph';
import { Ctx, Directive, Field, Int, ObjectType } from 'type-graphql';
import type { Context } from '../context.ts';
import type { ReviewRow } from '../service/rows.ts';
import { authorOf } from './author.ts';
import { User } from './user.type.ts';

@ObjectType('ReviewReply', { description: 'What the shop says to a review.' })
export class ReviewReply {
  /** Not a field: who wrote it. */
  authorId!: string | null;

  @Field(() => String, { description: 'The text.' })
  body!: string;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  createdAt!: Date;

  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => User, { nullable: true, description: 'Who wrote it.' })
  author(@Ctx() context: Context): Promise<User | null> {
    return authorOf(this.authorId, context);
  }

  static of({ replyBody, replyAuthorId, repliedAt }: ReviewRow): ReviewReply | null {
    if (replyBody === null || repliedAt === null) return null;
    return Object.assign(new ReviewReply(), { authorId: replyAuthorId, body: replyBody, createdAt: repliedAt });
  }
}

@ObjectType('ReviewEdit', { description: 'A change of a published review that waits for a moderator.' })
export class ReviewEdit {
  @Field(() => Int, { description: 'Stars, 1 to 5.' })
  rating!: number;

  @Field(() => String, { nullable: true, description: 'Headline.' })
  title!: string | null;

  @Field(() => String, { description: 'The text.' })
  body!: string;

  static of({ draftRating, draftTitle, draftBody }: ReviewRow): ReviewEdit | null {
    if (draftRating === null || draftBody === null) return null;
    return Object.assign(new ReviewEdit(), { rating: draftRating, title: draftTitle, body: draftBody });
  }
}
