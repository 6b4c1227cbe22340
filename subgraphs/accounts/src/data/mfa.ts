import type { MfaChallenge, MfaFactor, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type MfaFactorRow = MfaFactor;
export type MfaChallengeRow = MfaChallenge;

/** The second factors that are in use, of several accounts. */
export function findConfirmedFactors(db: Tx, accountIds: readonly string[]): Promise<MfaFactorRow[]> {
  return db.mfaFactor.findMany({ where: { accountId: { in: [...accountIds] }, confirmedAt: { not: null } }, orderBy: { id: 'asc' } });
}

export function findFactor(tx: Tx, accountId: string, kind: string): Promise<MfaFactorRow | null> {
  return tx.mfaFactor.findUnique({ where: { accountId_kind: { accountId, kind } } });
}

/** Puts a new secret in place of one that was never confirmed. */
export async function replaceFactor(tx: Tx, factor: Prisma.MfaFactorUncheckedCreateInput): Promise<void> {
  await tx.mfaFactor.deleteMany({ where: { accountId: factor.accountId, kind: factor.kind, confirmedAt: null } });
  await tx.mfaFactor.create({ data: factor });
}

export async function updateFactor(tx: Tx, id: string, changes: Prisma.MfaFactorUncheckedUpdateInput): Promise<void> {
  await tx.mfaFactor.update({ where: { id }, data: changes });
}

/** Takes away all that a second factor has: factors, recovery codes, and questions that are open. */
export async function deleteSecondFactor(tx: Tx, accountId: string): Promise<void> {
  const where = { accountId };
  await deleteChallenges(tx, accountId);
  await tx.recoveryCode.deleteMany({ where });
  await tx.mfaFactor.deleteMany({ where });
}

export function insertChallenge(tx: Tx, challenge: Prisma.MfaChallengeUncheckedCreateInput): Promise<MfaChallengeRow> {
  return tx.mfaChallenge.create({ data: challenge });
}

/** Takes one of the five tries of a challenge, in one statement: parallel tries are counted each. Null when it has none left. */
export async function takeChallengeTry(tx: Tx, id: string, now: Date): Promise<MfaChallengeRow | null> {
  const where = { id, consumedAt: null, expiresAt: { gt: now }, attempts: { lt: 5 } };
  const [challenge] = await tx.mfaChallenge.updateManyAndReturn({ where, data: { attempts: { increment: 1 } } });
  return challenge ?? null;
}

/** True for the one caller who uses the challenge up. */
export async function consumeChallenge(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { count } = await tx.mfaChallenge.updateMany({ where: { id, consumedAt: null }, data: { consumedAt: now } });
  return count === 1;
}

/** Ends sign-ins that wait for a code. */
export async function deleteChallenges(tx: Tx, accountId: string): Promise<void> {
  await tx.mfaChallenge.deleteMany({ where: { accountId } });
}

export async function deleteExpiredChallenges(db: Tx, expiredBefore: Date): Promise<number> {
  return (await db.mfaChallenge.deleteMany({ where: { expiresAt: { lt: expiredBefore } } })).count;
}

/** Unused recovery codes by account. */
export async function countRecoveryCodes(db: Tx, accountIds: readonly string[]): Promise<Map<string, number>> {
  const groups = await db.recoveryCode.groupBy({
    by: ['accountId'],
    where: { accountId: { in: [...accountIds] }, usedAt: null },
    _count: true,
  });
  return new Map(groups.map((group) => [group.accountId, group._count]));
}

/** New codes; the old ones are gone. */
export async function replaceRecoveryCodes(tx: Tx, accountId: string, hashes: readonly string[]): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { accountId } });
  await tx.recoveryCode.createMany({ data: hashes.map((hash) => ({ accountId, hash })) });
}

/** Uses a code up: true for one caller only. */
export async function consumeRecoveryCode(tx: Tx, accountId: string, hash: string, now: Date): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({ where: { accountId, hash, usedAt: null }, data: { usedAt: now } });
  return count === 1;
}
