import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The part of the accounts' public user that reviews adds to. */
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 30)')
@ObjectType('User', { description: 'Public face of a person. Safe to cache, safe to show next to a review.' })
export class User {
  @Field(() => ID, { description: 'Stable, opaque and unique over all types.' })
  id!: string;

  @Directive('@external')
  @Field(() => String, { description: 'Name under which they write.' })
  displayName!: string;

  static of(id: string, displayName: string): User {
    return Object.assign(new User(), { id, displayName });
  }
}
