import { DateTimeScalar, Image, Node } from '@app/subgraph';
import { Directive, Field, ObjectType } from 'type-graphql';
import type { AccountRow } from '../service/reading.ts';

@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 60)')
@ObjectType('User', { implements: Node, description: 'Public face of a person. Safe to cache, safe to show next to a review.' })
export class User extends Node {
  @Directive('@shareable')
  @Field(() => String, { description: 'Name that everybody sees.' })
  displayName!: string;

  @Field(() => Image, { nullable: true, description: 'Picture; null when there is none.' })
  avatar!: Image | null;

  @Field(() => DateTimeScalar, { description: 'When this person registered.' })
  memberSince!: Date;

  /** The public part of an account. */
  static of({ id, displayName, createdAt }: AccountRow): User {
    return Object.assign(new User(), { id, displayName, avatar: null, memberSince: createdAt });
  }
}
