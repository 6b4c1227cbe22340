import type { LinkedIdentity } from './client/client.ts';
import type { Tx } from './client.ts';

export type LinkedIdentityRow = LinkedIdentity;

export function findIdentitiesOf(db: Tx, accountIds: readonly string[]): Promise<LinkedIdentityRow[]> {
  return db.linkedIdentity.findMany({ where: { accountId: { in: [...accountIds] } }, orderBy: { id: 'asc' } });
}

export async function deleteIdentity(tx: Tx, id: string): Promise<void> {
  await tx.linkedIdentity.delete({ where: { id } });
}
