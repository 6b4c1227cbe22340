import type { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';
import type { RefreshTokenRow, SessionRow } from './sessions.ts';

/** A presented refresh token with its family. */
export interface StoredRefreshToken extends RefreshTokenRow {
  readonly session: SessionRow;
  readonly newestGeneration: number;
}

/** The token with this hash, its session locked until the transaction ends: one refresh of a family at a time. */
export async function lockRefreshToken(tx: Tx, hash: string): Promise<StoredRefreshToken | null> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM session WHERE id = (SELECT session_id FROM refresh_token WHERE hash = ${hash}) FOR NO KEY UPDATE`;
  if (locked.length === 0) return null;
  const found = await tx.refreshToken.findUnique({ where: { hash }, include: { session: true } });
  if (!found) return null;
  const newest = await tx.refreshToken.aggregate({ where: { sessionId: found.sessionId }, _max: { generation: true } });
  return { ...found, newestGeneration: newest._max.generation ?? found.generation };
}

export async function insertRefreshToken(tx: Tx, token: Prisma.RefreshTokenUncheckedCreateInput): Promise<void> {
  await tx.refreshToken.create({ data: token });
}

/** Marks a token as used. Only it keeps a salt: no older token of the family can make its successor any more. */
export async function useRefreshToken(tx: Tx, token: RefreshTokenRow, salt: string, now: Date): Promise<void> {
  await tx.refreshToken.updateMany({ where: { sessionId: token.sessionId, successorSalt: { not: null } }, data: { successorSalt: null } });
  await tx.refreshToken.update({ where: { hash: token.hash }, data: { usedAt: now, successorSalt: salt } });
}
