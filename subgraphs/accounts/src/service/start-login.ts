import { throttleKeyOf } from '@app/auth';
import { newId, withTx } from '@app/database';
import { inputError, UserFault } from '@app/subgraph';
import type { Tx } from '../data/client.ts';
import { insertLoginAttempt } from '../data/login-attempts.ts';
import { signInPerAddress } from '../domain/throttle-rule.ts';
import { type Caller, lockOwnAccountAfterSignIn, requireUser } from './caller.ts';
import type { AccountsApp } from './ports.ts';
import { countAttempt } from './throttling.ts';

/** A sign-in with another identity provider that has begun. */
export interface StartedLogin {
  readonly loginId: string;
  readonly authorizationUrl: string;
  readonly expiresAt: Date;
}

const attemptMs = 10 * 60 * 1000;

/**
 * Begins a sign-in with an identity provider; for somebody who is signed in already it links that identity to them.
 * The client keeps `loginId` to itself and sends the person to the address. Threat: an attacker's answer is slipped into
 * somebody's browser (login CSRF). Consequence: an answer counts only together with the id that this browser holds.
 * @throws {UserFault} UNKNOWN_PROVIDER, REDIRECT_NOT_ALLOWED, RATE_LIMITED; SIGN_IN_AGAIN or ERASURE_SCHEDULED for a link.
 */
export async function startLogin(
  app: AccountsApp,
  caller: Caller,
  input: { provider: string; redirectUri: string },
): Promise<StartedLogin> {
  const provider = app.loginProviders.list.find(({ id }) => id === input.provider);
  if (!provider)
    throw new UserFault(inputError(['input', 'provider'], 'UNKNOWN_PROVIDER', 'There is no such provider: see loginProviders.'));
  if (!app.loginProviders.isRedirectAllowed(input.redirectUri)) {
    throw new UserFault(inputError(['input', 'redirectUri'], 'REDIRECT_NOT_ALLOWED', 'This address is not registered for sign-ins.'));
  }
  await countAttempt(app, [[signInPerAddress, throttleKeyOf(caller.client.address)]]);
  const secrets = app.loginProviders.newSecrets(input.redirectUri);
  const authorizationUrl = await app.loginProviders.authorizationUrl(provider.id, secrets);
  const now = app.now();
  const loginId = newId('lgn', now.getTime());
  const expiresAt = new Date(now.getTime() + attemptMs);
  await withTx(app.db, async (tx) => {
    const linkedBy = caller.principal.kind === 'user' ? await whoLinks(tx, caller, now) : {};
    await insertLoginAttempt(tx, { id: loginId, provider: provider.id, ...linkedBy, ...secrets, createdAt: now, expiresAt });
  });
  return { loginId, authorizationUrl, expiresAt };
}

/** The session is kept so that the link ends with it: a new password takes it back from whoever began it. */
async function whoLinks(tx: Tx, caller: Caller, now: Date): Promise<{ accountId: string; sessionId: string }> {
  const { id } = await lockOwnAccountAfterSignIn(tx, caller, now);
  return { accountId: id, sessionId: requireUser(caller).sessionId };
}
