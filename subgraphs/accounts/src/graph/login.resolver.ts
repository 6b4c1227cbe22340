import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { completeLogin } from '../service/complete-login.ts';
import { startLogin } from '../service/start-login.ts';
import { LoginCompleteInput, LoginProvider, LoginStartInput, LoginStartPayload } from './login.type.ts';
import { SessionPayload } from './payloads.type.ts';
import { toSessionPayload } from './session-payload.ts';

/** Coming in by another identity provider. */
@Resolver()
export class LoginResolver {
  @Directive('@listSize(assumedSize: 5)')
  @Directive('@cacheControl(maxAge: 60)')
  @Query(() => [LoginProvider], { description: 'Identity providers that people may sign in with.' })
  loginProviders(@Ctx() { app }: AccountsContext): LoginProvider[] {
    return app.loginProviders.list.map((provider) => Object.assign(new LoginProvider(), provider));
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => LoginStartPayload, {
    description: 'Begins a sign-in with an identity provider; somebody who is signed in links that identity to their account.',
  })
  loginStart(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => LoginStartInput, { description: 'With which provider, and where to come back to.' }) input: LoginStartInput,
  ): Promise<LoginStartPayload> {
    return toPayload(() => startLogin(app, caller, input), { loginId: null, authorizationUrl: null, expiresAt: null });
  }

  @Directive('@cost(weight: 20)')
  @Mutation(() => SessionPayload, { description: 'Ends a sign-in with an identity provider.' })
  loginComplete(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => LoginCompleteInput, { description: 'What came back.' }) input: LoginCompleteInput,
  ): Promise<SessionPayload> {
    return toSessionPayload(() => completeLogin(app, caller, input));
  }
}
