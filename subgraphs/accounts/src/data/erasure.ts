import type { Tx } from './client.ts';
import { deleteSecondFactor } from './mfa.ts';

/** Deletes every row that hangs on an account, and the mails to its address. The account itself stays. */
export async function deletePersonalRows(tx: Tx, accountId: string, email: string | null): Promise<void> {
  const where = { accountId };
  await tx.address.deleteMany({ where });
  await tx.emailToken.deleteMany({ where });
  await tx.linkedIdentity.deleteMany({ where });
  await deleteSecondFactor(tx, accountId);
  await tx.dataExport.deleteMany({ where });
  await tx.loginAttempt.deleteMany({ where });
  await tx.session.deleteMany({ where });
  if (email !== null) await tx.mail.deleteMany({ where: { recipient: email } });
}
