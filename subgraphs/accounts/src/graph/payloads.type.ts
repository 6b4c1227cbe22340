import { DateTimeScalar, UserError } from '@app/subgraph';
import { Field, ObjectType } from 'type-graphql';
import { Account } from './account.type.ts';
import { Address } from './address.type.ts';
import { DataExport } from './data-export.type.ts';
import { MfaChallenge } from './mfa.type.ts';

const errors = { description: 'What is wrong and what to do about it; empty when it worked.' };

@ObjectType('AccountRegisterPayload', { description: 'Always the same answer whether or not the e-mail address is known.' })
export class AccountRegisterPayload {
  @Field(() => Boolean, { description: 'True when a mail is on its way, in either case.' })
  accepted!: boolean;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('SessionPayload', { description: 'Tokens, or the question for a second factor, or errors.' })
export class SessionPayload {
  @Field(() => Account, { nullable: true, description: 'Who is signed in now.' })
  account!: Account | null;

  @Field(() => String, { nullable: true, description: 'Send it as `Authorization: Bearer …`; 15 minutes.' })
  accessToken!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the access token ends.' })
  accessTokenExpiresAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'For sessionRefresh, once. Keep it where scripts cannot read it.' })
  refreshToken!: string | null;

  @Field(() => MfaChallenge, { nullable: true, description: 'Set instead of tokens when a second factor is asked for.' })
  mfaChallenge!: MfaChallenge | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('MfaEnrolPayload', { description: 'What came of the wish for an authenticator app.' })
export class MfaEnrolPayload {
  @Field(() => String, { nullable: true, description: 'Show it as a QR code. It is not shown again.' })
  otpauthUrl!: string | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('MfaConfirmPayload', { description: 'What came of switching the second factor on.' })
export class MfaConfirmPayload {
  @Field(() => [String], { nullable: true, description: 'Each replaces a code once. They are not shown again.' })
  recoveryCodes!: string[] | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('AckPayload', { description: 'Whether it was done.' })
export class AckPayload {
  @Field(() => Boolean, { description: 'True when it was done.' })
  ok!: boolean;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('AccountPayload', { description: 'The account after the change, or errors.' })
export class AccountPayload {
  @Field(() => Account, { nullable: true, description: 'The account after the change.' })
  account!: Account | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('AddressPayload', { description: 'The address after the change, or errors.' })
export class AddressPayload {
  @Field(() => Address, { nullable: true, description: 'The address after the change.' })
  address!: Address | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType('DataExportPayload', { description: 'The export, or errors.' })
export class DataExportPayload {
  @Field(() => DataExport, { nullable: true, description: 'The export.' })
  export!: DataExport | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}
