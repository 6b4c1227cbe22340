import { DateTimeScalar } from '@app/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { MfaFactorRow } from '../service/reading.ts';
import { MfaKind } from './enums.ts';

@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('MfaFactor', { description: 'A second factor in use.' })
export class MfaFactor {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => MfaKind, { description: 'Its kind.' })
  kind!: string;

  @Field(() => DateTimeScalar, { description: 'When it was set up.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last used.' })
  lastUsedAt!: Date | null;

  static of({ id, kind, createdAt, lastUsedAt }: MfaFactorRow): MfaFactor {
    return Object.assign(new MfaFactor(), { id, kind, createdAt, lastUsedAt });
  }
}

@Directive('@cacheControl(maxAge: 0, scope: PRIVATE)')
@ObjectType('MfaStatus', { description: 'Whether and how somebody signs in with a second factor.' })
export class MfaStatus {
  @Field(() => Boolean, { description: 'True when sign-in asks for a second factor.' })
  enabled!: boolean;

  @Field(() => [MfaFactor], { description: 'The factors in use.' })
  factors!: MfaFactor[];

  @Field(() => Int, { description: 'Recovery codes not used yet.' })
  recoveryCodesLeft!: number;
}

@ObjectType('MfaChallenge', { description: 'The password was right; now prove the second factor with mfaChallengeVerify.' })
export class MfaChallenge {
  @Field(() => ID, { description: 'Its id, for mfaChallengeVerify.' })
  id!: string;

  @Field(() => [MfaKind], { description: 'Factors that can answer it. A recovery code always can.' })
  kinds!: string[];

  @Field(() => DateTimeScalar, { description: 'When it ends.' })
  expiresAt!: Date;
}
