import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The part of the private account that reviews adds to. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('Account', {
  description: 'Private side of a person (same id as the User). Reached only through me, by staff through accounts, or Order.buyer.',
})
export class Account {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;

  static of(id: string): Account {
    return Object.assign(new Account(), { id });
  }
}
