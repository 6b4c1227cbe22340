import { Field, ID, InputType } from 'type-graphql';

@InputType('AccountRegisterInput', { description: 'Who wants an account.' })
export class AccountRegisterInput {
  @Field(() => String, { description: 'E-mail address, up to 254 characters; a link is sent to it.' })
  email!: string;

  @Field(() => String, { description: 'Password, 8 to 128 characters.' })
  password!: string;

  @Field(() => String, { description: 'Name that everybody sees, up to 80 characters.' })
  displayName!: string;

  @Field(() => String, { nullable: true, description: 'Language, a BCP 47 tag; en when left out.' })
  locale?: string | null;
}

@InputType('TokenInput', { description: 'A token from a mail.' })
export class TokenInput {
  @Field(() => String, { description: "The token of the mail's link." })
  token!: string;
}

@InputType('SessionCreateInput', { description: 'Who signs in.' })
export class SessionCreateInput {
  @Field(() => String, { description: 'E-mail address.' })
  email!: string;

  @Field(() => String, { description: 'Password.' })
  password!: string;
}

@InputType('SessionRefreshInput', { description: 'Which session to prolong.' })
export class SessionRefreshInput {
  @Field(() => String, { nullable: true, description: 'The newest refresh token of the session.' })
  refreshToken?: string | null;
}

@InputType('MfaChallengeInput', { description: 'Answer to a challenge.' })
export class MfaChallengeInput {
  @Field(() => ID, { description: 'Id of the challenge that sessionCreate returned.' })
  challengeId!: string;

  @Field(() => String, { description: 'Six digits of the authenticator app, or a recovery code.' })
  code!: string;
}

@InputType('PasswordResetInput', { description: 'A new password for who reads the mailbox.' })
export class PasswordResetInput {
  @Field(() => String, { description: "The token of the mail's link." })
  token!: string;

  @Field(() => String, { description: 'New password, 8 to 128 characters.' })
  password!: string;
}

@InputType('PasswordChangeInput', { description: 'A new password for who knows the old one.' })
export class PasswordChangeInput {
  @Field(() => String, { description: 'Current password.' })
  current!: string;

  @Field(() => String, { description: 'New password, 8 to 128 characters.' })
  next!: string;
}
