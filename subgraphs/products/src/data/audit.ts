import { newId } from '@app/database';
import type { Tx } from './client.ts';

/** What a member of staff did. */
export interface AuditFacts {
  readonly actorId: string;
  readonly action: string;
  readonly subjectId: string;
  readonly requestId: string;
  readonly reason?: string;
  readonly before?: object;
  readonly after?: object;
}

/** Notes it, in the transaction that does it. */
export async function recordAudit(tx: Tx, { before, after, ...facts }: AuditFacts): Promise<void> {
  const json = (value: object): object => JSON.parse(JSON.stringify(value)) as object;
  await tx.auditEntry.create({
    data: { id: newId('aud'), ...facts, ...(before && { before: json(before) }), ...(after && { after: json(after) }) },
  });
}
