import { randomBytes } from 'node:crypto';
import { isId, newId, withTx } from '@app/database';
import { conflict, InputCheck, inputError, UserFault } from '@app/subgraph';
import { type AccountRow, lockAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import {
  consumeChallenge,
  consumeRecoveryCode,
  findFactor,
  type MfaChallengeRow,
  replaceFactor,
  replaceRecoveryCodes,
  takeChallengeTry,
  updateFactor,
} from '../data/mfa.ts';
import { maySignIn } from '../domain/account.ts';
import { hashRecoveryCode, newRecoveryCode, recoveryCodeCount } from '../domain/recovery-codes.ts';
import { codePerAccount } from '../domain/throttle-rule.ts';
import { acceptedStep, fromBase32, otpauthUrl, toBase32 } from '../domain/totp.ts';
import { type Caller, lockOwnAccountAfterSignIn, lockOwnActiveAccount, requireUser } from './caller.ts';
import { postMail } from './mails.ts';
import { openSession, type SessionGrant, toGrant } from './open-session.ts';
import type { AccountsApp } from './ports.ts';
import { countAttempt } from './throttling.ts';

/** Name that authenticator apps show. */
const issuer = 'Supergraph';

/** Makes a secret for an authenticator app. It counts only once a code of it was confirmed. @throws {UserFault} ALREADY_ENROLLED, SIGN_IN_AGAIN. */
export async function enrolTotp(app: AccountsApp, caller: Caller): Promise<{ otpauthUrl: string }> {
  requireUser(caller);
  return withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOwnAccountAfterSignIn(tx, caller, now);
    const known = await findFactor(tx, account.id, 'TOTP');
    if (known?.confirmedAt) throw new UserFault(conflict('ALREADY_ENROLLED', 'An authenticator app is set up already.'));
    const secret = randomBytes(20);
    await replaceFactor(tx, {
      id: newId('mff', now.getTime()),
      accountId: account.id,
      kind: 'TOTP',
      secret: toBase32(secret),
      createdAt: now,
    });
    return { otpauthUrl: otpauthUrl(issuer, account.email ?? account.id, secret) };
  });
}

/** Switches the second factor on with a first code and returns recovery codes, this once. @throws {UserFault} NOT_ENROLLED, WRONG_CODE. */
export async function confirmTotp(app: AccountsApp, caller: Caller, input: string): Promise<{ recoveryCodes: string[] }> {
  const user = requireUser(caller);
  const check = new InputCheck();
  const code = checkCode(check, input, ['code']);
  check.finish();
  await countAttempt(app, [[codePerAccount, user.id]]);
  const recoveryCodes = Array.from({ length: recoveryCodeCount }, () => newRecoveryCode());
  await withTx(app.db, async (tx) => {
    const now = app.now();
    const account = await lockOwnActiveAccount(tx, caller, now);
    const factor = await findFactor(tx, account.id, 'TOTP');
    if (!factor || factor.confirmedAt)
      throw new UserFault(conflict('NOT_ENROLLED', 'Start to set up an authenticator app first.', null, ['code']));
    const step = acceptedStep(fromBase32(factor.secret), code, now, null);
    if (step === null) throw wrongCode(['code']);
    await updateFactor(tx, factor.id, { confirmedAt: now, lastUsedAt: now, lastUsedStep: step });
    await replaceRecoveryCodes(
      tx,
      account.id,
      recoveryCodes.map((recovery) => hashRecoveryCode(account.id, recovery)),
    );
    await recordAudit(tx, { actorId: account.id, action: 'mfa.enabled', subjectId: account.id, requestId: caller.requestId }, now);
    if (account.email !== null) await postMail(tx, app, account.email, { kind: 'SECOND_FACTOR_ADDED' });
  });
  await app.throttle.forget(codePerAccount, user.id);
  return { recoveryCodes };
}

/** Answers a sign-in's challenge with a code of the app or a recovery code. @throws {UserFault} INVALID_CHALLENGE, WRONG_CODE, RATE_LIMITED. */
export async function answerChallenge(
  app: AccountsApp,
  caller: Caller,
  input: { challengeId: string; code: string },
): Promise<SessionGrant> {
  const check = new InputCheck();
  const code = checkCode(check, input.code, ['input', 'code']);
  check.finish();
  // Outside of the transaction that follows: a wrong code rolls that one back, the try stays counted.
  const challenge = isId('mfc', input.challengeId) ? await takeChallengeTry(app.db, input.challengeId, app.now()) : null;
  if (!challenge) throw invalidChallenge();
  await countAttempt(app, [[codePerAccount, challenge.accountId]]);
  const opened = await withTx(app.db, async (tx) => {
    const account = await lockAccount(tx, challenge.accountId);
    if (!account || !maySignIn(account.status)) throw invalidChallenge();
    return pass(tx, app, caller, { account, challenge, code });
  });
  await app.throttle.forget(codePerAccount, challenge.accountId);
  return toGrant(app, opened);
}

interface Answer {
  readonly account: AccountRow;
  readonly challenge: MfaChallengeRow;
  readonly code: string;
}

async function pass(tx: Tx, app: AccountsApp, caller: Caller, { account, challenge, code }: Answer) {
  const now = app.now();
  const isRight =
    (await isTotpCode(tx, account.id, code, now)) || (await consumeRecoveryCode(tx, account.id, hashRecoveryCode(account.id, code), now));
  if (!isRight) throw wrongCode(['input', 'code']);
  if (!(await consumeChallenge(tx, challenge.id, now))) throw invalidChallenge();
  return openSession(tx, account, caller, now);
}

async function isTotpCode(tx: Tx, accountId: string, code: string, now: Date): Promise<boolean> {
  const factor = await findFactor(tx, accountId, 'TOTP');
  if (!factor?.confirmedAt) return false;
  const step = acceptedStep(fromBase32(factor.secret), code, now, factor.lastUsedStep);
  if (step === null) return false;
  await updateFactor(tx, factor.id, { lastUsedAt: now, lastUsedStep: step });
  return true;
}

function checkCode(check: InputCheck, code: string, path: readonly string[]): string {
  return check.text(code, path, { max: 40 });
}

function wrongCode(path: readonly string[]): UserFault {
  return new UserFault(inputError(path, 'WRONG_CODE', 'This code is wrong or was used: wait for the next one.'));
}

function invalidChallenge(): UserFault {
  return new UserFault(inputError(['input', 'challengeId'], 'INVALID_CHALLENGE', 'This took too long or too many tries: sign in again.'));
}
