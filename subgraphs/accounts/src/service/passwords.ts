import { throttleKeyOf } from '@app/auth';
import { withTx } from '@app/database';
import { publish } from '@app/events';
import { AccountVerified } from '@app/events/catalogue/account.events';
import { InputCheck, inputError, UserFault } from '@app/subgraph';
import { type AccountRow, findAccount, findAccountByEmail, lockAccount, updateAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { findOpenEmailTokens, voidEmailTokens } from '../data/email-tokens.ts';
import { deleteChallenges } from '../data/mfa.ts';
import { revokeSessions } from '../data/sessions.ts';
import { checkEmail, checkNewPassword, checkPassword } from '../domain/credentials.ts';
import { betweenResetLinks, delayAfter, mailPerAddress, proofPerAccount, signInPerAddress } from '../domain/throttle-rule.ts';
import { type Caller, lockOwnAccount, requireUser } from './caller.ts';
import { makeEmailLink, requireOpenEmailLink, useEmailLink } from './email-link.ts';
import { postMail } from './mails.ts';
import { noSoonerThan } from './no-sooner-than.ts';
import { admit, type SessionGrant, toGrant } from './open-session.ts';
import type { AccountsApp } from './ports.ts';
import { countAttempt, forgetSignIns } from './throttling.ts';

/** Far longer than writing a link and its mail takes, and nobody waits for it: they go and look into their mailbox. */
const resetAnswerMs = 500;

/**
 * Sends a link for a new password, when there is such an account, unless one that still works was sent shortly before; neither the answer nor
 * its time tells.
 */
export async function requestPasswordReset(app: AccountsApp, caller: Caller, address: string): Promise<{ ok: boolean }> {
  const check = new InputCheck();
  const email = checkEmail(check, address, ['email']);
  check.finish();
  await countAttempt(app, [[mailPerAddress, throttleKeyOf(caller.client.address)]]);
  const sent = withTx(app.db, (tx) => sendResetLink(tx, app, email));
  await noSoonerThan(resetAnswerMs, sent);
  return { ok: true };
}

async function sendResetLink(tx: Tx, app: AccountsApp, email: string): Promise<void> {
  const found = await findAccountByEmail(tx, email);
  const account = found && (await lockAccount(tx, found.id));
  if (account?.email !== email || account.status === 'SUSPENDED') return;
  const now = app.now();
  if (await hasLinkAlready(tx, account.id, now)) return;
  const token = await makeEmailLink(tx, { accountId: account.id, purpose: 'RESET_PASSWORD' }, now);
  await postMail(tx, app, email, { kind: 'RESET_PASSWORD', token });
}

/**
 * True while the links that were sent have to do. Threat: strangers ask for links to fill a mailbox, or to keep its owner from theirs.
 * Consequence: nobody is refused because of others; where many were sent, the next one waits, and the newest is in the mailbox meanwhile.
 */
async function hasLinkAlready(tx: Tx, accountId: string, now: Date): Promise<boolean> {
  const open = await findOpenEmailTokens(tx, accountId, 'RESET_PASSWORD', now);
  const [newest] = open;
  return newest !== undefined && now.getTime() - newest.createdAt.getTime() < delayAfter(betweenResetLinks, open.length) * 1000;
}

/**
 * Sets a new password with the token of the mail, ends all sessions and signs in, asking for the second factor where
 * there is one. The link proves the mailbox, so it verifies the address too. Threat: made-up tokens as a
 * denial of service. Consequence: nothing is hashed before the attempt was counted and the link was found open.
 * @throws {UserFault} INVALID_TOKEN, RATE_LIMITED.
 */
export async function resetPassword(app: AccountsApp, caller: Caller, input: { token: string; password: string }): Promise<SessionGrant> {
  const check = new InputCheck();
  const password = checkNewPassword(check, input.password, ['input', 'password']);
  check.finish();
  const address = throttleKeyOf(caller.client.address);
  await countAttempt(app, [[signInPerAddress, address]]);
  await requireOpenEmailLink(app.db, input.token, 'RESET_PASSWORD', app.now());
  const passwordHash = await app.passwords.hash(password);
  const { opened, ended, email } = await withTx(app.db, async (tx) => {
    const now = app.now();
    const token = await useEmailLink(tx, input.token, 'RESET_PASSWORD', now);
    const account = await lockAccount(tx, token.accountId);
    if (!account || account.status === 'SUSPENDED')
      throw new UserFault(inputError(['input', 'token'], 'INVALID_TOKEN', 'This link does not work any more.'));
    const changed = await setPassword(tx, app, caller, { account, passwordHash });
    const active = changed.account.status === 'PENDING_VERIFICATION' ? await verify(tx, app, caller, changed.account) : changed.account;
    return { opened: await admit(tx, active, caller, now), ended: changed.ended, email: active.email };
  });
  await app.revocations.announce(ended);
  if (email !== null) await forgetSignIns(app, email, address);
  return toGrant(app, opened);
}

/** Changes the caller's password and ends all other sessions. @throws {UserFault} WRONG_PASSWORD, RATE_LIMITED. */
export async function changePassword(app: AccountsApp, caller: Caller, input: { current: string; next: string }): Promise<{ ok: boolean }> {
  const user = requireUser(caller);
  const check = new InputCheck();
  const current = checkPassword(check, input.current, ['input', 'current']);
  const next = checkNewPassword(check, input.next, ['input', 'next']);
  check.finish();
  await provePassword(app, user.id, current, ['input', 'current']);
  const passwordHash = await app.passwords.hash(next);
  const ended = await withTx(app.db, async (tx) => {
    const account = await lockOwnAccount(tx, caller, app.now());
    return (await setPassword(tx, app, caller, { account, passwordHash, exceptId: user.sessionId })).ended;
  });
  await app.revocations.announce(ended);
  return { ok: true };
}

/** Makes sure that whoever holds the session also knows the password; counted like a sign-in. @throws {UserFault} WRONG_PASSWORD, RATE_LIMITED. */
export async function provePassword(app: AccountsApp, accountId: string, password: string, path: readonly string[]): Promise<void> {
  await countAttempt(app, [[proofPerAccount, accountId]]);
  const account = await findAccount(app.db, accountId);
  if (!(await app.passwords.matches(account?.passwordHash ?? null, password))) {
    throw new UserFault(inputError(path, 'WRONG_PASSWORD', 'This is not your current password.'));
  }
  await app.throttle.forget(proofPerAccount, accountId);
}

interface PasswordChange {
  readonly account: AccountRow;
  readonly passwordHash: string;
  /** Session that goes on. */
  readonly exceptId?: string;
}

async function setPassword(
  tx: Tx,
  app: AccountsApp,
  caller: Caller,
  { account, passwordHash, exceptId }: PasswordChange,
): Promise<{ account: AccountRow; ended: string[] }> {
  const now = app.now();
  await voidEmailTokens(tx, account.id, 'RESET_PASSWORD');
  await deleteChallenges(tx, account.id);
  const target = { accountId: account.id, ...(exceptId !== undefined && { exceptId }) };
  const ended = await revokeSessions(tx, target, 'PASSWORD_CHANGED', now);
  await recordAudit(tx, { actorId: account.id, action: 'password.changed', subjectId: account.id, requestId: caller.requestId }, now);
  if (account.email !== null) await postMail(tx, app, account.email, { kind: 'PASSWORD_CHANGED' });
  return { account: await updateAccount(tx, account.id, { passwordHash }, now), ended };
}

async function verify(tx: Tx, app: AccountsApp, caller: Caller, account: AccountRow): Promise<AccountRow> {
  const now = app.now();
  await voidEmailTokens(tx, account.id, 'VERIFY_EMAIL');
  await publish(tx, AccountVerified.create(account.id, { userId: account.id }, { correlationId: caller.requestId, actor: account.id }));
  await app.onboarding.confirmed(tx, account.id);
  return updateAccount(tx, account.id, { status: 'ACTIVE', emailVerifiedAt: now }, now);
}
