import { newId } from '@app/database';
import type { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

/** Something that must stay known: who did what to whom, and why. Ids only, nothing personal: entries outlive an erasure. */
export interface AuditFacts {
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectId: string;
  readonly reason?: string;
  readonly before?: Prisma.InputJsonObject;
  readonly after?: Prisma.InputJsonObject;
  readonly requestId: string | null;
}

/** Writes an audit entry in the transaction of what it tells about. */
export async function recordAudit(tx: Tx, facts: AuditFacts, now: Date): Promise<void> {
  await tx.auditEntry.create({ data: { id: newId('aud', now.getTime()), recordedAt: now, ...facts } });
}
