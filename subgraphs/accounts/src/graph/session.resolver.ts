import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { confirmEmail } from '../service/confirm-email.ts';
import { refreshSession } from '../service/refresh-session.ts';
import { registerAccount } from '../service/register-account.ts';
import { revokeOtherSessions, revokeSession } from '../service/revoke-sessions.ts';
import { answerChallenge } from '../service/second-factor.ts';
import { signIn } from '../service/sign-in.ts';
import { AccountRegisterInput, MfaChallengeInput, SessionCreateInput, SessionRefreshInput, TokenInput } from './credentials.input.ts';
import { AccountRegisterPayload, AckPayload, SessionPayload } from './payloads.type.ts';
import { toSessionPayload } from './session-payload.ts';

/** Coming in, staying in, leaving. */
@Resolver()
export class SessionResolver {
  @Directive('@cost(weight: 20)')
  @Mutation(() => AccountRegisterPayload, {
    description: 'Registers somebody. A mail goes out whether or not the address is known, with a link to confirm it or a note.',
  })
  accountRegister(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => AccountRegisterInput, { description: 'Who.' }) input: AccountRegisterInput,
  ): Promise<AccountRegisterPayload> {
    return toPayload(() => registerAccount(app, caller, input), { accepted: false });
  }

  @Mutation(() => SessionPayload, { description: 'Confirms an e-mail address with the token of the mail, and signs in.' })
  emailVerificationConfirm(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => TokenInput, { description: 'The token; works once, within 24 hours.' }) input: TokenInput,
  ): Promise<SessionPayload> {
    return toSessionPayload(() => confirmEmail(app, caller, input));
  }

  @Directive('@cost(weight: 20)')
  @Mutation(() => SessionPayload, { description: 'Signs in with e-mail address and password. Slowed down after some attempts.' })
  sessionCreate(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => SessionCreateInput, { description: 'Who.' }) input: SessionCreateInput,
  ): Promise<SessionPayload> {
    return toSessionPayload(() => signIn(app, caller, input));
  }

  @Mutation(() => SessionPayload, {
    description: 'Exchanges a refresh token for the next one and a new access token. A token that comes back later ends the session.',
  })
  sessionRefresh(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => SessionRefreshInput, { nullable: true, description: 'Which session.' }) input?: SessionRefreshInput | null,
  ): Promise<SessionPayload> {
    return toSessionPayload(() => refreshSession(app, caller, input?.refreshToken ?? null));
  }

  @Directive('@authenticated')
  @Mutation(() => AckPayload, { description: 'Ends one of your sessions, also the one in use.' })
  sessionRevoke(@Ctx() { app, caller }: AccountsContext, @Arg('id', () => ID, { description: 'Which.' }) id: string): Promise<AckPayload> {
    return toPayload(() => revokeSession(app, caller, id), { ok: false });
  }

  @Directive('@authenticated')
  @Mutation(() => AckPayload, { description: 'Ends all your sessions but the one in use.' })
  sessionRevokeOthers(@Ctx() { app, caller }: AccountsContext): Promise<AckPayload> {
    return toPayload(() => revokeOtherSessions(app, caller), { ok: false });
  }

  @Directive('@cost(weight: 5)')
  @Mutation(() => SessionPayload, { description: 'Answers the challenge of a sign-in with a code; five tries.' })
  mfaChallengeVerify(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => MfaChallengeInput, { description: 'Challenge and code.' }) input: MfaChallengeInput,
  ): Promise<SessionPayload> {
    return toSessionPayload(() => answerChallenge(app, caller, input));
  }
}
