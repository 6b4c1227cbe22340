import type { ModerationDecision, Prisma } from './client/client.ts';
import type { Tx } from './client.ts';

export type DecisionRow = ModerationDecision;

export async function insertDecision(tx: Tx, decision: Prisma.ModerationDecisionUncheckedCreateInput): Promise<void> {
  await tx.moderationDecision.create({ data: decision });
}

/** The decision that a run is about, if there is one yet. */
export function findDecisionOfRun(db: Tx, runId: string): Promise<DecisionRow | null> {
  return db.moderationDecision.findUnique({ where: { runId } });
}

/** Marks the decision of a run as announced and answers it with its review, deleted or not; null when there is none, or it was announced before. */
export async function claimAnnouncement(tx: Tx, runId: string, announcedAt: Date) {
  const { count } = await tx.moderationDecision.updateMany({ where: { runId, announcedAt: null }, data: { announcedAt } });
  return count === 0 ? null : tx.moderationDecision.findUniqueOrThrow({ where: { runId }, include: { review: true } });
}
