import { DateTimeScalar, Node } from '@app/subgraph';
import { Ctx, Directive, Field, Int, ObjectType } from 'type-graphql';
import type { Context } from '../context.ts';
import type { AnswerRow } from '../service/rows.ts';
import { authorOf } from './author.ts';
import { User } from './user.type.ts';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Answer', { implements: Node, description: 'What somebody says to a question.' })
export class Answer extends Node {
  /** Not a field: who wrote it. */
  authorId!: string | null;

  @Field(() => String, { description: 'The text.' })
  body!: string;

  @Field(() => Boolean, { description: 'The shop itself answers.' })
  fromMerchant!: boolean;

  @Field(() => Int, { description: 'How many readers found it helpful.' })
  helpfulCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  createdAt!: Date;

  @Directive('@provides(fields: "displayName")')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => User, { nullable: true, description: 'Who answered; null when they have been erased.' })
  author(@Ctx() context: Context): Promise<User | null> {
    return authorOf(this.authorId, context);
  }

  static of({ id, authorId, body, fromMerchant, helpfulCount, createdAt }: AnswerRow): Answer {
    return Object.assign(new Answer(), { id, authorId, body, fromMerchant, helpfulCount, createdAt });
  }
}
