import type { LinkedIdentity, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type LinkedIdentityRow = LinkedIdentity;

export function findIdentitiesOf(db: Tx, accountIds: readonly string[]): Promise<LinkedIdentityRow[]> {
  return db.linkedIdentity.findMany({ where: { accountId: { in: [...accountIds] } }, orderBy: { id: 'asc' } });
}

export async function deleteIdentity(tx: Tx, id: string): Promise<void> {
  await tx.linkedIdentity.delete({ where: { id } });
}

/** Whom a provider's subject belongs to. */
export function findIdentity(db: Tx, provider: string, subject: string): Promise<LinkedIdentityRow | null> {
  return db.linkedIdentity.findUnique({ where: { provider_subject: { provider, subject } } });
}

export async function insertIdentity(tx: Tx, identity: Prisma.LinkedIdentityUncheckedCreateInput): Promise<void> {
  await tx.linkedIdentity.create({ data: identity });
}
