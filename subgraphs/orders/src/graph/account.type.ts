import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The part of an account that orders knows; what it adds stands in its resolver. */
@Directive('@key(fields: "id")')
@ObjectType('Account', { description: 'The private side of a person with an account.' })
export class Account {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}
