import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { AccountsContext } from '../context.ts';
import { unlinkIdentity } from '../service/linked-identities.ts';
import { changePassword, requestPasswordReset, resetPassword } from '../service/passwords.ts';
import { confirmTotp, enrolTotp } from '../service/second-factor.ts';
import { Account } from './account.type.ts';
import { PasswordChangeInput, PasswordResetInput } from './credentials.input.ts';
import { AccountPayload, AckPayload, MfaConfirmPayload, MfaEnrolPayload, SessionPayload } from './payloads.type.ts';
import { toSessionPayload } from './session-payload.ts';

/** How somebody proves who they are. */
@Resolver()
export class CredentialsResolver {
  @Directive('@authenticated')
  @Mutation(() => MfaEnrolPayload, { description: 'Makes a secret for an authenticator app; mfaTotpConfirm switches it on.' })
  mfaTotpEnrol(@Ctx() { app, caller }: AccountsContext): Promise<MfaEnrolPayload> {
    return toPayload(() => enrolTotp(app, caller), { otpauthUrl: null });
  }

  @Directive('@authenticated')
  @Mutation(() => MfaConfirmPayload, { description: 'Switches the authenticator app on and returns recovery codes, this once.' })
  mfaTotpConfirm(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('code', () => String, { description: 'Six digits that the app shows.' }) code: string,
  ): Promise<MfaConfirmPayload> {
    return toPayload(() => confirmTotp(app, caller, code), { recoveryCodes: null });
  }

  @Mutation(() => AckPayload, {
    description:
      'Sends a link for a new password when there is such an account; the answer does not tell. When many were sent that still work, the newest of them has to do for up to an hour.',
  })
  passwordResetRequest(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('email', () => String, { description: 'E-mail address.' }) email: string,
  ): Promise<AckPayload> {
    return toPayload(() => requestPasswordReset(app, caller, email), { ok: false });
  }

  @Directive('@cost(weight: 20)')
  @Mutation(() => SessionPayload, { description: 'Sets a new password with the token of the mail, ends all sessions and signs in.' })
  passwordReset(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => PasswordResetInput, { description: 'Token and new password.' }) input: PasswordResetInput,
  ): Promise<SessionPayload> {
    return toSessionPayload(() => resetPassword(app, caller, input));
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 20)')
  @Mutation(() => AckPayload, { description: 'Changes your password and ends all other sessions.' })
  passwordChange(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('input', () => PasswordChangeInput, { description: 'Old and new password.' }) input: PasswordChangeInput,
  ): Promise<AckPayload> {
    return toPayload(() => changePassword(app, caller, input), { ok: false });
  }

  @Directive('@authenticated')
  @Mutation(() => AccountPayload, {
    description: 'Takes away an account elsewhere that signs in here, unless you could not sign in any more.',
  })
  identityUnlink(
    @Ctx() { app, caller }: AccountsContext,
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
  ): Promise<AccountPayload> {
    return toPayload(async () => ({ account: Account.of((await unlinkIdentity(app, caller, id)).account) }), { account: null });
  }
}
