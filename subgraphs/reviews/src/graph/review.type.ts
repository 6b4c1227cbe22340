import { DateTimeScalar, Image, Node } from '@app/subgraph';
import { Ctx, Directive, Field, Int, ObjectType } from 'type-graphql';
import type { Context } from '../context.ts';
import { productTag } from '../domain/cache-tags.ts';
import { ReviewStatus, VoteValue } from '../domain/vocabulary.ts';
import { canEdit, canModerate, canSeeNotes } from '../service/access.ts';
import type { ReviewRow } from '../service/rows.ts';
import { authorOf } from './author.ts';
import './enums.ts';
import { Product } from './product.type.ts';
import { ReviewEdit, ReviewReply } from './review-parts.type.ts';
import { User } from './user.type.ts';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Review', { implements: Node, description: 'What one person says about one product.' })
export class Review extends Node {
  /** Not a field: what the database holds. */
  row!: ReviewRow;

  @Field(() => Int, { description: 'Stars, 1 to 5.' })
  rating!: number;

  @Field(() => String, { nullable: true, description: 'Headline.' })
  title!: string | null;

  @Field(() => String, { description: 'The text. While an edit waits for a moderator, the text that was approved before.' })
  body!: string;

  @Field(() => String, { description: 'Language of the text as a BCP 47 tag; "und" when it cannot be told.' })
  language!: string;

  @Field(() => Int, { description: 'How many readers found it helpful.' })
  helpfulCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it was first sent.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its author last changed it.' })
  editedAt!: Date | null;

  @Field(() => Int, { description: 'Counts every change; give it as expectedVersion to update only what you have seen.' })
  version!: number;

  @Field(() => Boolean, { description: 'The author has bought the product here and kept it.' })
  verifiedPurchase(): boolean {
    return this.row.isVerified;
  }

  @Field(() => ReviewStatus, { description: 'Where it is in its life.' })
  status(): ReviewStatus {
    return ReviewStatus[this.row.status as ReviewStatus];
  }

  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => Product, { nullable: true, description: 'What it is about.' })
  product(@Ctx() { tags }: Context): Product {
    tags.add(productTag(this.row.productId));
    return Product.of(this.row.productId);
  }

  @Directive('@provides(fields: "displayName")')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => User, { nullable: true, description: 'Who wrote it; null when they have been erased.' })
  author(@Ctx() context: Context): Promise<User | null> {
    return authorOf(this.row.authorId, context);
  }

  @Directive('@listSize(assumedSize: 5)')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => [Image], { description: 'Pictures, at most 5.' })
  async media(@Ctx() { loaders }: Context): Promise<Image[]> {
    return this.row.mediaCount === 0 ? [] : (await loaders.media.load(this.id)).map((facts) => Image.of(facts));
  }

  @Directive('@cacheControl(scope: PRIVATE)')
  @Field(() => VoteValue, { nullable: true, description: 'How the viewer has voted; null when they have not.' })
  viewerVote(@Ctx() { loaders }: Context): Promise<VoteValue | null> {
    return loaders.viewerVote.load(this.id);
  }

  @Directive('@cacheControl(scope: PRIVATE)')
  @Field(() => Boolean, { description: 'Whether the viewer may change it now.' })
  viewerCanEdit(@Ctx() { principal }: Context): boolean {
    return canEdit(principal, this.row);
  }

  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => ReviewReply, { nullable: true, description: 'What the shop says to it.' })
  reply(): ReviewReply | null {
    return ReviewReply.of(this.row);
  }

  @Directive('@cacheControl(inheritMaxAge: true, scope: PRIVATE)')
  @Field(() => ReviewEdit, { nullable: true, description: 'An edit that waits for a moderator: shown to its author and to moderators.' })
  pendingEdit(@Ctx() { principal }: Context): ReviewEdit | null {
    return canSeeNotes(principal, this.row) ? ReviewEdit.of(this.row) : null;
  }

  @Directive('@cacheControl(scope: PRIVATE)')
  @Field(() => String, { nullable: true, description: 'Why it was rejected or hidden, as a code: shown to its author and to moderators.' })
  moderationReason(@Ctx() { principal }: Context): string | null {
    return canSeeNotes(principal, this.row) ? this.row.moderationReason : null;
  }

  @Directive('@requiresScopes(scopes: [["reviews:moderate"]])')
  @Directive('@tag(name: "admin")')
  @Directive('@listSize(assumedSize: 3)')
  @Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
  @Field(() => [String], {
    nullable: true,
    description:
      'What an automatic check found in the newest text, for moderators: LINK, EMAIL_ADDRESS, PHONE_NUMBER, REPEATED_CHARACTERS, SHOUTING, BANNED_WORD, TOO_SHORT; more may come. It decides nothing. Null until it has looked, which takes moments.',
  })
  automaticFindings(@Ctx() { principal }: Context): readonly string[] | null {
    return canModerate(principal) && this.row.checkedAt !== null ? this.row.automaticFindings : null;
  }

  static of(row: ReviewRow): Review {
    const { id, rating, title, body, language, helpfulCount, createdAt, editedAt, version } = row;
    return Object.assign(new Review(), { row, id, rating, title, body, language, helpfulCount, createdAt, editedAt, version });
  }
}
