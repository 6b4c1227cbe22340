import { newId } from '@app/database';
import type { AuditEntry, Prisma } from './client/client.ts';
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
export function recordAudit(tx: Tx, facts: AuditFacts, now: Date): Promise<void> {
  return recordAudits(tx, [facts], now);
}

/** Writes any number of audit entries in one statement. */
export async function recordAudits(tx: Tx, entries: readonly AuditFacts[], now: Date): Promise<void> {
  await tx.auditEntry.createMany({ data: entries.map((facts) => ({ id: newId('aud', now.getTime()), recordedAt: now, ...facts })) });
}

export type AuditRow = AuditEntry;

/** What {@link listAudit} may be narrowed by. */
export interface AuditCriteria {
  readonly actorId: string | null;
  readonly subjectId: string | null;
  readonly action: string | null;
  readonly since: Date | null;
  readonly until: Date | null;
}

/** Entries, newest first: up to `limit` before the key. */
export function listAudit(
  db: Tx,
  criteria: AuditCriteria,
  { limit, from }: { limit: number; from: { recordedAt: Date; id: string } | null },
): Promise<AuditRow[]> {
  const { since, until, ...equal } = criteria;
  const exact = Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== null));
  const range = { ...(since && { gte: since }), ...(until && { lt: until }) };
  const after: Prisma.AuditEntryWhereInput = from
    ? { OR: [{ recordedAt: { lt: from.recordedAt } }, { recordedAt: from.recordedAt, id: { lt: from.id } }] }
    : {};
  return db.auditEntry.findMany({
    where: { AND: [{ ...exact, recordedAt: range }, after] },
    orderBy: [{ recordedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
}
