import type { LoginAttempt, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type LoginAttemptRow = LoginAttempt;

export async function insertLoginAttempt(tx: Tx, attempt: Prisma.LoginAttemptUncheckedCreateInput): Promise<void> {
  await tx.loginAttempt.create({ data: attempt });
}

/** Uses up an attempt, in one statement: of two answers to the same question, one gets null. */
export async function consumeLoginAttempt(tx: Tx, id: string, now: Date): Promise<LoginAttemptRow | null> {
  const where = { id, consumedAt: null, expiresAt: { gt: now } };
  const [attempt] = await tx.loginAttempt.updateManyAndReturn({ where, data: { consumedAt: now } });
  return attempt ?? null;
}

export async function deleteExpiredLoginAttempts(db: Tx, expiredBefore: Date): Promise<number> {
  return (await db.loginAttempt.deleteMany({ where: { expiresAt: { lt: expiredBefore } } })).count;
}
