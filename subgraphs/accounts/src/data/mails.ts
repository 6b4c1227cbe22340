import type { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export async function insertMail(tx: Tx, mail: Prisma.MailUncheckedCreateInput): Promise<void> {
  await tx.mail.create({ data: mail });
}

export async function hasMail(tx: Tx, id: string): Promise<boolean> {
  return (await tx.mail.count({ where: { id } })) > 0;
}
