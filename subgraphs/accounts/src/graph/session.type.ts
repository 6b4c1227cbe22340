import { DateTimeScalar } from '@app/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { LinkedIdentityRow, SessionRow } from '../service/reading.ts';

@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('Session', { description: 'A sign-in on one device.' })
export class Session {
  @Field(() => ID, { description: 'Its id, for sessionRevoke.' })
  id!: string;

  @Field(() => Boolean, { description: 'True for the session that this request belongs to.' })
  current!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was last prolonged; at most 15 minutes behind.' })
  lastUsedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends unless it is used before.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'Program that signed in, as it calls itself.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'Network it was last used from, such as 203.0.113.0/24.' })
  ipPrefix!: string | null;

  static of(row: SessionRow, currentId: string | null): Session {
    const { id, createdAt, lastUsedAt, expiresAt, userAgent, ipPrefix } = row;
    return Object.assign(new Session(), { id, createdAt, lastUsedAt, expiresAt, userAgent, ipPrefix, current: id === currentId });
  }
}

@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('LinkedIdentity', { description: 'An account elsewhere that signs in here.' })
export class LinkedIdentity {
  @Field(() => ID, { description: 'Its id, for identityUnlink.' })
  id!: string;

  @Field(() => String, { description: 'Who vouches for it, such as google.' })
  provider!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address there.' })
  email!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was linked.' })
  linkedAt!: Date;

  static of({ id, provider, email, linkedAt }: LinkedIdentityRow): LinkedIdentity {
    return Object.assign(new LinkedIdentity(), { id, provider, email, linkedAt });
  }
}
