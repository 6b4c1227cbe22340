import { hasScope, type Principal, type Scope, type UserPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { conflict, UserFault } from '@app/subgraph';
import { type AccountRow, lockAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import { findSession, type SessionRow } from '../data/sessions.ts';
import { maySignIn } from '../domain/account.ts';
import type { Client } from '../domain/client.ts';
import { isLive, isRecentSignIn } from '../domain/session.ts';

/** Who asks, from where. */
export interface Caller {
  readonly principal: Principal;
  readonly client: Client;
  readonly requestId: string;
}

/** The signed-in person. @throws {AppError} UNAUTHENTICATED. */
export function requireUser({ principal }: Caller): UserPrincipal {
  if (principal.kind !== 'user') throw new AppError('UNAUTHENTICATED');
  return principal;
}

/** The signed-in person, who holds the scope. @throws {AppError} UNAUTHENTICATED or FORBIDDEN. */
export function requireScope(caller: Caller, scope: Scope): UserPrincipal {
  const user = requireUser(caller);
  if (!hasScope(user, scope)) throw new AppError('FORBIDDEN');
  return user;
}

/** True when the caller may see this account's private side: its owner, or staff that reads accounts. */
export function maySee({ principal }: Caller, accountId: string): boolean {
  return (principal.kind === 'user' && principal.id === accountId) || hasScope(principal, 'accounts:read');
}

/**
 * The caller's own account, locked, for a change. Looks at the session too: an access token outlives its revocation by
 * minutes, and with a stolen one nobody changes a password.
 * @throws {AppError} UNAUTHENTICATED when account or session have ended.
 */
export async function lockOwnAccount(tx: Tx, caller: Caller, now: Date): Promise<AccountRow> {
  return (await lockOwn(tx, caller, now)).account;
}

/** As {@link lockOwnAccount}, for what somebody who is about to be erased does not start any more. */
export async function lockOwnActiveAccount(tx: Tx, caller: Caller, now: Date): Promise<AccountRow> {
  return requireActive(await lockOwnAccount(tx, caller, now));
}

/**
 * As {@link lockOwnActiveAccount}, for adding a way to sign in. Threat: who steals an access token adds an identity or a
 * second factor of theirs, which outlives the token. Consequence: only a session whose sign-in is recent adds one.
 * @throws {UserFault} SIGN_IN_AGAIN.
 */
export async function lockOwnAccountAfterSignIn(tx: Tx, caller: Caller, now: Date): Promise<AccountRow> {
  const { account, session } = await lockOwn(tx, caller, now);
  if (!isRecentSignIn(session, now)) {
    throw new UserFault(conflict('SIGN_IN_AGAIN', 'It is a while since you signed in: sign in again, then try once more.'));
  }
  return requireActive(account);
}

/** The account, unless it is about to be erased. @throws {UserFault} ERASURE_SCHEDULED. */
export function requireActive(account: AccountRow): AccountRow {
  if (account.status !== 'ACTIVE') {
    throw new UserFault(conflict('ERASURE_SCHEDULED', 'This account is about to be erased: cancel the erasure first.'));
  }
  return account;
}

async function lockOwn(tx: Tx, caller: Caller, now: Date): Promise<{ account: AccountRow; session: SessionRow }> {
  const { id, sessionId } = requireUser(caller);
  const account = await lockAccount(tx, id);
  const session = await findSession(tx, sessionId);
  if (!account || !maySignIn(account.status) || !session || !isLive(session, id, now)) throw new AppError('UNAUTHENTICATED');
  return { account, session };
}
