import { DateTimeScalar, Node } from '@app/subgraph';
import { Ctx, Directive, Field, ObjectType } from 'type-graphql';
import type { Context } from '../context.ts';
import { productTag } from '../domain/cache-tags.ts';
import type { QuestionRow } from '../service/rows.ts';
import { authorOf } from './author.ts';
import { Product } from './product.type.ts';
import { User } from './user.type.ts';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Question', { implements: Node, description: 'What somebody wants to know about a product.' })
export class Question extends Node {
  /** Not a field: what the database holds. */
  row!: QuestionRow;

  @Field(() => String, { description: 'The text.' })
  body!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked.' })
  createdAt!: Date;

  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => Product, { nullable: true, description: 'What it is about.' })
  product(@Ctx() { tags }: Context): Product {
    tags.add(productTag(this.row.productId));
    return Product.of(this.row.productId);
  }

  @Directive('@provides(fields: "displayName")')
  @Directive('@cacheControl(inheritMaxAge: true)')
  @Field(() => User, { nullable: true, description: 'Who asked; null when they have been erased.' })
  author(@Ctx() context: Context): Promise<User | null> {
    return authorOf(this.row.authorId, context);
  }

  static of(row: QuestionRow): Question {
    return Object.assign(new Question(), { row, id: row.id, body: row.body, createdAt: row.createdAt });
  }
}
