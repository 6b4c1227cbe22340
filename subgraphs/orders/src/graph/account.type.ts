import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The part of an account that orders knows; what it adds stands in its resolver. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 60, scope: PRIVATE)')
@ObjectType('Account', {
  description: 'Private side of a person (same id as the User). Reached only through me, by staff through accounts, or Order.buyer.',
})
export class Account {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;
}
