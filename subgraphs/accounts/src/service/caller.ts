import { hasScope, type Principal, type Scope, type UserPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { conflict, UserFault } from '@app/subgraph';
import { type AccountRow, lockAccount } from '../data/accounts.ts';
import type { Tx } from '../data/client.ts';
import { findSession } from '../data/sessions.ts';
import { maySignIn } from '../domain/account.ts';
import type { Client } from '../domain/client.ts';

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
  const { id, sessionId } = requireUser(caller);
  const account = await lockAccount(tx, id);
  const session = await findSession(tx, sessionId);
  const isLive = session?.accountId === id && session.revokedAt === null && session.expiresAt > now;
  if (!account || !maySignIn(account.status) || !isLive) throw new AppError('UNAUTHENTICATED');
  return account;
}

/** As {@link lockOwnAccount}, for what somebody who is about to be erased does not start any more. */
export async function lockOwnActiveAccount(tx: Tx, caller: Caller, now: Date): Promise<AccountRow> {
  const account = await lockOwnAccount(tx, caller, now);
  if (account.status !== 'ACTIVE') {
    throw new UserFault(conflict('ERASURE_SCHEDULED', 'This account is about to be erased: cancel the erasure first.'));
  }
  return account;
}
