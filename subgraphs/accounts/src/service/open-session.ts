import { networkOf } from '@app/auth';
import { newId } from '@app/database';
import type { AccountRow } from '../data/accounts.ts';
import { recordAudit } from '../data/audit.ts';
import type { Tx } from '../data/client.ts';
import { findConfirmedFactors, insertChallenge, type MfaChallengeRow } from '../data/mfa.ts';
import { insertRefreshToken } from '../data/refresh-tokens.ts';
import { insertSession, revokeSessions } from '../data/sessions.ts';
import { sessionDays } from '../domain/refresh-rotation.ts';
import { newSecretToken } from '../domain/secret-token.ts';
import { maxSessions } from '../domain/session.ts';
import type { Caller } from './caller.ts';
import type { AccountsApp } from './ports.ts';

/** A session as it is known inside the transaction that opens or prolongs it. */
export interface OpenedSession {
  readonly kind: 'session';
  readonly account: AccountRow;
  readonly sessionId: string;
  readonly refreshToken: string;
  /** Sessions that were ended to make room. */
  readonly displaced: readonly string[];
}

/** The password was right, the second factor is still to come. */
export interface OpenedChallenge {
  readonly kind: 'challenge';
  readonly challenge: MfaChallengeRow;
  readonly kinds: readonly string[];
}

/** What a client gets: tokens, or a question. */
export type SessionGrant = (OpenedSession & { readonly accessToken: string; readonly accessTokenExpiresAt: Date }) | OpenedChallenge;

const challengeMs = 5 * 60 * 1000;

/** Lets somebody in whose first factor was right: opens a session, or asks for the second factor where there is one. */
export async function admit(tx: Tx, account: AccountRow, caller: Caller, now: Date): Promise<OpenedSession | OpenedChallenge> {
  const factors = await findConfirmedFactors(tx, [account.id]);
  if (factors.length === 0) return openSession(tx, account, caller, now);
  const expiresAt = new Date(now.getTime() + challengeMs);
  const id = newId('mfc', now.getTime());
  const challenge = await insertChallenge(tx, { id, accountId: account.id, createdAt: now, expiresAt });
  return { kind: 'challenge', challenge, kinds: factors.map(({ kind }) => kind) };
}

/** Opens a session with its first refresh token. Where there are too many already, those go that were not used for longest. */
export async function openSession(tx: Tx, account: AccountRow, caller: Caller, now: Date): Promise<OpenedSession> {
  const displaced = await revokeSessions(tx, { accountId: account.id, keep: maxSessions - 1 }, 'TOO_MANY_SESSIONS', now);
  const sessionId = newId('ses', now.getTime());
  await insertSession(tx, {
    id: sessionId,
    accountId: account.id,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: sessionEnd(now),
    userAgent: caller.client.userAgent?.replaceAll('\u0000', '') ?? null,
    ipPrefix: networkOf(caller.client.address),
  });
  const { token, hash } = newSecretToken();
  await insertRefreshToken(tx, { hash, sessionId, generation: 1, createdAt: now });
  await recordAudit(
    tx,
    { actorId: account.id, action: 'session.opened', subjectId: account.id, after: { sessionId }, requestId: caller.requestId },
    now,
  );
  return { kind: 'session', account, sessionId, refreshToken: token, displaced };
}

/** When a session ends that is used now. */
export function sessionEnd(now: Date): Date {
  return new Date(now.getTime() + sessionDays * 24 * 60 * 60 * 1000);
}

/** Signs the access token of an opened session and tells gateways what it displaced, outside of the transaction. */
export async function toGrant(app: AccountsApp, opened: OpenedSession | OpenedChallenge): Promise<SessionGrant> {
  if (opened.kind === 'challenge') return opened;
  const { account, sessionId, displaced } = opened;
  await app.revocations.announce(displaced);
  const { token, expiresAt } = await app.accessTokens.issue({ subject: account.id, sessionId, roles: account.roles }, app.now());
  return { ...opened, accessToken: token, accessTokenExpiresAt: expiresAt };
}
