import { DateTimeScalar, UserError } from '@app/subgraph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';

@ObjectType('LoginProvider', { description: 'Another identity provider that people may sign in with.' })
export class LoginProvider {
  @Field(() => ID, { description: 'For loginStart.' })
  id!: string;

  @Field(() => String, { description: 'Name for the button.' })
  name!: string;
}

@InputType('LoginStartInput', { description: 'How somebody wants to sign in.' })
export class LoginStartInput {
  @Field(() => ID, { description: 'One of loginProviders.' })
  provider!: string;

  @Field(() => String, { description: 'Page of the client that the provider sends the person back to; must be registered.' })
  redirectUri!: string;
}

@InputType('LoginCompleteInput', { description: 'What the provider sent the person back with.' })
export class LoginCompleteInput {
  @Field(() => ID, { description: 'Id that loginStart returned to this very browser.' })
  loginId!: string;

  @Field(() => String, { description: 'Whole address that the person came back to, with its parameters.' })
  callbackUrl!: string;
}

@ObjectType('LoginStartPayload', { description: 'Where to send the person, or errors.' })
export class LoginStartPayload {
  @Field(() => ID, { nullable: true, description: 'Keep it in this browser (sessionStorage) for loginComplete.' })
  loginId!: string | null;

  @Field(() => String, { nullable: true, description: 'Send the person there.' })
  authorizationUrl!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The sign-in must be completed before.' })
  expiresAt!: Date | null;

  @Field(() => [UserError], { description: 'What is wrong and what to do about it; empty when it worked.' })
  userErrors!: UserError[];
}
