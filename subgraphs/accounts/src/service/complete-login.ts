import { isId, isUniqueViolation, newId, withTx } from '@app/database';
import { inputError, UserFault } from '@app/subgraph';
import { type AccountRow, lockAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { findIdentity, insertIdentity } from '../data/identities.ts';
import { consumeLoginAttempt, type LoginAttemptRow } from '../data/login-attempts.ts';
import { findSession } from '../data/sessions.ts';
import { maySignIn } from '../domain/account.ts';
import { isLive } from '../domain/session.ts';
import { adoptByEmail } from './adopt-by-email.ts';
import { type Caller, requireActive } from './caller.ts';
import { type ExternalIdentity, type LoginProviders, LoginRefusedError } from './login-providers.ts';
import { postMail } from './mails.ts';
import { admit, type OpenedChallenge, type OpenedSession, type SessionGrant, toGrant } from './open-session.ts';
import type { AccountsApp } from './ports.ts';

/**
 * Ends a sign-in with an identity provider with the address that the person came back to.
 * @throws {UserFault} LOGIN_EXPIRED, LOGIN_REFUSED, EMAIL_NOT_VERIFIED, ACCOUNT_SUSPENDED, IDENTITY_TAKEN, ERASURE_SCHEDULED.
 */
export async function completeLogin(
  app: AccountsApp,
  caller: Caller,
  input: { loginId: string; callbackUrl: string },
): Promise<SessionGrant> {
  const attempt = isId('lgn', input.loginId) ? await consumeLoginAttempt(app.db, input.loginId, app.now()) : null;
  if (!attempt) throw expired();
  const identity = await identify(app.loginProviders, attempt, input.callbackUrl);
  try {
    return await toGrant(app, await enter(app, caller, attempt, identity));
  } catch (error) {
    // Two first sign-ins of one person at once: the second finds what the first made.
    if (!isUniqueViolation(error)) throw error;
    return toGrant(app, await enter(app, caller, attempt, identity));
  }
}

async function identify(providers: LoginProviders, attempt: LoginAttemptRow, callbackUrl: string): Promise<ExternalIdentity> {
  try {
    return await providers.identify(attempt.provider, callbackUrl, attempt);
  } catch (error) {
    if (!(error instanceof LoginRefusedError)) throw error;
    throw refused(['input', 'callbackUrl'], 'LOGIN_REFUSED', 'The provider did not confirm the sign-in: start again.');
  }
}

function enter(
  app: AccountsApp,
  caller: Caller,
  attempt: LoginAttemptRow,
  identity: ExternalIdentity,
): Promise<OpenedSession | OpenedChallenge> {
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const known = await findIdentity(tx, attempt.provider, identity.subject);
    if (known && attempt.accountId !== null && known.accountId !== attempt.accountId) {
      throw refused(['input', 'callbackUrl'], 'IDENTITY_TAKEN', 'This identity belongs to another account.');
    }
    const owned = known?.accountId ?? attempt.accountId;
    const { accountId, isNew } = owned ? { accountId: owned, isNew: false } : await adoptByEmail(tx, app, caller, identity);
    const account = mayEnter(await lockAccount(tx, accountId));
    if (attempt.accountId !== null) await requireOpenLink(tx, account, attempt, now);
    if (!known) await link(tx, caller, { account, attempt, identity, now });
    if (!known && !isNew) await tellOwner(tx, app, account, attempt.provider);
    return admit(tx, account, caller, now);
  });
}

/**
 * Threat: a thief of an access token begins a link, and completes it after the owner chose a new password. Consequence: a
 * link ends with the session it was begun in.
 */
async function requireOpenLink(tx: Tx, account: AccountRow, { sessionId }: LoginAttemptRow, now: Date): Promise<void> {
  const session = sessionId === null ? null : await findSession(tx, sessionId);
  if (!session || !isLive(session, account.id, now)) throw expired();
  requireActive(account);
}

/** Whoever did not link this themselves hears of it, and how to take it back. */
async function tellOwner(tx: Tx, app: AccountsApp, { email }: AccountRow, provider: string): Promise<void> {
  const name = app.loginProviders.list.find(({ id }) => id === provider)?.name ?? provider;
  if (email !== null) await postMail(tx, app, email, { kind: 'IDENTITY_LINKED', provider: name });
}

interface NewLink {
  readonly account: AccountRow;
  readonly attempt: LoginAttemptRow;
  readonly identity: ExternalIdentity;
  readonly now: Date;
}

async function link(tx: Tx, caller: Caller, { account, attempt, identity, now }: NewLink): Promise<void> {
  const { provider } = attempt;
  await insertIdentity(tx, {
    id: newId('lid', now.getTime()),
    accountId: account.id,
    provider,
    subject: identity.subject,
    email: identity.email?.toLowerCase() ?? null,
    linkedAt: now,
  });
  await recordAudit(
    tx,
    { actorId: account.id, action: 'identity.linked', subjectId: account.id, after: { provider }, requestId: caller.requestId },
    now,
  );
}

function mayEnter(account: AccountRow | null): AccountRow {
  if (account?.status === 'SUSPENDED') throw refused(['input'], 'ACCOUNT_SUSPENDED', 'This account is suspended: write to our support.');
  if (!account || !maySignIn(account.status)) throw refused(['input'], 'LOGIN_REFUSED', 'There is no account to sign in to.');
  return account;
}

function expired(): UserFault {
  return refused(['input', 'loginId'], 'LOGIN_EXPIRED', 'This sign-in has expired or was used: start again.');
}

function refused(path: readonly string[], code: string, message: string): UserFault {
  return new UserFault(inputError(path, code, message));
}
