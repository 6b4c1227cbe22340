import { randomBytes } from 'node:crypto';
import { networkOf } from '@app/auth';
import { withTx } from '@app/database';
import { inputError, UserFault } from '@app/subgraph';
import { lockAccount } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { insertRefreshToken, lockRefreshToken, type StoredRefreshToken, useRefreshToken } from '../data/refresh-tokens.ts';
import { revokeSessions, touchSession } from '../data/sessions.ts';
import { maySignIn } from '../domain/account.ts';
import { decideRotation } from '../domain/refresh-rotation.ts';
import { hashToken, isTokenShaped, successorToken } from '../domain/secret-token.ts';
import type { Caller } from './caller.ts';
import { type OpenedSession, type SessionGrant, sessionEnd, toGrant } from './open-session.ts';
import type { AccountsApp } from './ports.ts';

type Outcome = OpenedSession | { readonly kind: 'refused' } | { readonly kind: 'stolen'; readonly sessionIds: string[] };

/**
 * Exchanges a refresh token for its successor and a new access token. A token that was exchanged before ends its whole
 * family, except within the grace window (see decideRotation).
 * @throws {UserFault} INVALID_TOKEN: sign in again.
 */
export async function refreshSession(app: AccountsApp, caller: Caller, token: string | null): Promise<SessionGrant> {
  const path = ['input', 'refreshToken'];
  if (token === null || token === '') throw new UserFault(inputError(path, 'REQUIRED', 'Send the refresh token of your session.'));
  const outcome = isTokenShaped(token) ? await withTx(app.db, (tx) => exchange(tx, app, caller, token)) : { kind: 'refused' as const };
  if (outcome.kind === 'session') return toGrant(app, outcome);
  // The revocation is committed by now: a thrown error would have rolled it back.
  if (outcome.kind === 'stolen') await app.revocations.announce(outcome.sessionIds);
  throw new UserFault(inputError(path, 'INVALID_TOKEN', 'This session has ended: sign in again.'));
}

async function exchange(tx: Tx, app: AccountsApp, caller: Caller, token: string): Promise<Outcome> {
  const now = app.now();
  const stored = await lockRefreshToken(tx, hashToken(token));
  if (!stored) return { kind: 'refused' };
  const decision = decideRotation(stored, now);
  if (decision.kind === 'ended') return { kind: 'refused' };
  if (decision.kind === 'reuse') return revokeFamily(tx, caller, stored, now);
  const account = await lockAccount(tx, stored.session.accountId);
  if (!account || !maySignIn(account.status)) return { kind: 'refused' };
  const session = { kind: 'session', account, sessionId: stored.sessionId, displaced: [] } as const;
  if (decision.kind === 'repeat') return { ...session, refreshToken: successorToken(token, decision.salt).token };
  return { ...session, refreshToken: await rotate(tx, caller, { token, stored, now }) };
}

async function rotate(
  tx: Tx,
  caller: Caller,
  { token, stored, now }: { token: string; stored: StoredRefreshToken; now: Date },
): Promise<string> {
  const salt = randomBytes(32).toString('base64url');
  const successor = successorToken(token, salt);
  await useRefreshToken(tx, stored, salt, now);
  await insertRefreshToken(tx, { hash: successor.hash, sessionId: stored.sessionId, generation: stored.generation + 1, createdAt: now });
  await touchSession(tx, stored.sessionId, { lastUsedAt: now, expiresAt: sessionEnd(now), ipPrefix: networkOf(caller.client.address) });
  const after = { sessionId: stored.sessionId };
  const { accountId } = stored.session;
  await recordAudit(tx, { actorId: accountId, action: 'session.refreshed', subjectId: accountId, after, requestId: caller.requestId }, now);
  return successor.token;
}

async function revokeFamily(tx: Tx, caller: Caller, stored: StoredRefreshToken, now: Date): Promise<Outcome> {
  const { accountId } = stored.session;
  const sessionIds = await revokeSessions(tx, { accountId, id: stored.sessionId }, 'REFRESH_TOKEN_REUSED', now);
  const after = { sessionId: stored.sessionId, generation: stored.generation, newest: stored.newestGeneration };
  await recordAudit(tx, { actorId: null, action: 'session.token_reused', subjectId: accountId, after, requestId: caller.requestId }, now);
  return { kind: 'stolen', sessionIds };
}
