import type { Mail, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type MailRow = Mail;

export async function insertMail(tx: Tx, mail: Prisma.MailUncheckedCreateInput): Promise<void> {
  await tx.mail.create({ data: mail });
}

/** Mails that wait to be sent, oldest first, locked; those that another worker holds are passed over. */
export async function lockUnsentMails(tx: Tx, limit: number): Promise<MailRow[]> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM mail WHERE sent_at IS NULL ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return tx.mail.findMany({ where: { id: { in: ids.map(({ id }) => id) } }, orderBy: { createdAt: 'asc' } });
}

export async function markMailSent(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.mail.update({ where: { id }, data: { sentAt: now } });
}

export async function deleteSentMails(db: Tx, sentBefore: Date): Promise<number> {
  return (await db.mail.deleteMany({ where: { sentAt: { lt: sentBefore } } })).count;
}
