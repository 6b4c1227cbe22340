import type { ReportReason } from '../domain/vocabulary.ts';
import type { Tx } from './client.ts';

/** Files a report, or replaces the one this person has filed, and answers how many are open now. */
export async function fileReport(
  tx: Tx,
  report: { reviewId: string; reporterId: string; reason: ReportReason; note: string | null },
): Promise<number> {
  const { reviewId, reporterId, reason, note } = report;
  const where = { reviewId_reporterId: { reviewId, reporterId } };
  // A report that a moderator has dealt with stays dealt with: reporting again does not reopen it.
  await tx.reviewReport.upsert({ where, create: report, update: { reason, note } });
  return tx.reviewReport.count({ where: { reviewId, resolvedAt: null } });
}

/** Closes the open reports of a review. */
export async function resolveReports(tx: Tx, reviewId: string): Promise<void> {
  await tx.reviewReport.updateMany({ where: { reviewId, resolvedAt: null }, data: { resolvedAt: new Date() } });
}
