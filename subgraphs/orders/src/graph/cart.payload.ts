import { UserError } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Cart, CartProblem } from './cart.type.ts';

@ObjectType('CartPayload', { description: 'What came of changing a cart.' })
export class CartPayload {
  @Field(() => Cart, { nullable: true, description: 'The cart as it is now; null when it was not changed.' })
  cart!: Cart | null;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [CartProblem], { description: 'What would stand in the way of ordering it.' })
  warnings?: CartProblem[];

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [UserError], { description: 'Why it was not changed; empty when it was.' })
  userErrors!: UserError[];
}
