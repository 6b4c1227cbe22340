import { Field, ID, InputType } from 'type-graphql';

@InputType('QuestionAskInput', { description: 'A question about a product.' })
export class QuestionAskInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => String, { description: 'The text, at most 5,000 characters.' })
  body!: string;
}
