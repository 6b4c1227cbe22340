import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The part of the private account that reviews adds to. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('Account', { description: 'A person as they see themselves.' })
export class Account {
  @Field(() => ID, { description: 'Their id.' })
  id!: string;

  static of(id: string): Account {
    return Object.assign(new Account(), { id });
  }
}
