import type { EmailToken, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type EmailTokenRow = EmailToken;
export type EmailTokenPurpose = 'VERIFY_EMAIL' | 'RESET_PASSWORD';

export async function insertEmailToken(
  tx: Tx,
  token: Prisma.EmailTokenUncheckedCreateInput & { purpose: EmailTokenPurpose },
): Promise<void> {
  await tx.emailToken.create({ data: token });
}

/** Uses up a token, in one statement: of two that come with the same one, one gets null. */
export async function consumeEmailToken(tx: Tx, hash: string, purpose: EmailTokenPurpose, now: Date): Promise<EmailTokenRow | null> {
  const where = { hash, purpose, usedAt: null, expiresAt: { gt: now } };
  const [token] = await tx.emailToken.updateManyAndReturn({ where, data: { usedAt: now } });
  return token ?? null;
}

/** True while a token can still be used. */
export async function hasOpenEmailToken(db: Tx, hash: string, purpose: EmailTokenPurpose, now: Date): Promise<boolean> {
  return (await db.emailToken.count({ where: { hash, purpose, usedAt: null, expiresAt: { gt: now } } })) > 0;
}

/** The tokens that can still be used, newest first. */
export function findOpenEmailTokens(tx: Tx, accountId: string, purpose: EmailTokenPurpose, now: Date): Promise<EmailTokenRow[]> {
  return tx.emailToken.findMany({
    where: { accountId, purpose, usedAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: 'desc' },
  });
}

/** Makes all tokens of an account and purpose worthless. */
export async function voidEmailTokens(tx: Tx, accountId: string, purpose: EmailTokenPurpose): Promise<void> {
  await tx.emailToken.deleteMany({ where: { accountId, purpose } });
}

export async function deleteExpiredEmailTokens(db: Tx, expiredBefore: Date): Promise<number> {
  return (await db.emailToken.deleteMany({ where: { expiresAt: { lt: expiredBefore } } })).count;
}
