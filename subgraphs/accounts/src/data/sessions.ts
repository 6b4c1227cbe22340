import { maxSessions } from '../domain/session.ts';
import { recordAudits } from './audit.ts';
import type { Prisma, RefreshToken, Session } from './client/client.ts';
import type { Tx } from './client.ts';

export type SessionRow = Session;
export type RefreshTokenRow = RefreshToken;

/** Sessions that still work, of several accounts, last used first; of each there are {@link maxSessions} at most. */
export function findSessionsOf(db: Tx, accountIds: readonly string[], now: Date): Promise<SessionRow[]> {
  const where = { accountId: { in: [...accountIds] }, revokedAt: null, expiresAt: { gt: now } };
  return db.session.findMany({ where, orderBy: [{ lastUsedAt: 'desc' }, { id: 'asc' }], take: accountIds.length * maxSessions });
}

export function findSession(db: Tx, id: string): Promise<SessionRow | null> {
  return db.session.findUnique({ where: { id } });
}

export function insertSession(tx: Tx, session: Prisma.SessionUncheckedCreateInput): Promise<SessionRow> {
  return tx.session.create({ data: session });
}

/** Notes that a session was used, from where and until when it now lives. */
export async function touchSession(tx: Tx, id: string, use: { lastUsedAt: Date; expiresAt: Date; ipPrefix: string | null }): Promise<void> {
  await tx.session.update({ where: { id }, data: use });
}

/** Which sessions to revoke. */
export interface RevocationTarget {
  readonly accountId: string;
  /** This one only. */
  readonly id?: string;
  /** All but this one. */
  readonly exceptId?: string;
  /** All but so many, those used last. */
  readonly keep?: number;
}

/** Revokes live sessions, however many in one statement, puts each on record and returns their ids. */
export async function revokeSessions(tx: Tx, target: RevocationTarget, reason: string, now: Date): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE session SET revoked_at = ${now}, revoked_reason = ${reason}
    WHERE revoked_at IS NULL AND id IN (
      SELECT id FROM session
      WHERE account_id = ${target.accountId} AND revoked_at IS NULL
        AND (${target.id ?? null}::text IS NULL OR id = ${target.id ?? null})
        AND (${target.exceptId ?? null}::text IS NULL OR id <> ${target.exceptId ?? null})
      ORDER BY last_used_at DESC, id DESC OFFSET ${target.keep ?? 0})
    RETURNING id`;
  const facts = { actorId: null, action: 'session.revoked', subjectId: target.accountId, reason, requestId: null };
  const entries = rows.map(({ id: sessionId }) => ({ ...facts, after: { sessionId } }));
  if (entries.length > 0) await recordAudits(tx, entries, now);
  return rows.map(({ id }) => id);
}

/** Ids of sessions that were revoked since an instant. */
export async function findRevokedSince(db: Tx, since: Date): Promise<string[]> {
  const rows = await db.session.findMany({ where: { revokedAt: { gte: since } }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Removes sessions that ended long enough ago, with their refresh tokens. Returns how many. */
export async function deleteEndedSessions(db: Tx, endedBefore: Date): Promise<number> {
  const where = { OR: [{ expiresAt: { lt: endedBefore } }, { revokedAt: { lt: endedBefore } }] };
  return (await db.session.deleteMany({ where })).count;
}
