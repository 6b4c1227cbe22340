import type { Prisma, Review } from './client/client.ts';
import type { Tx } from './client.ts';

export type ReviewRow = Review;
export type ReviewChange = Prisma.ReviewUncheckedUpdateInput;
export type NewReview = Prisma.ReviewUncheckedCreateInput;

/** Reviews by id that are not deleted, in any order. */
export function findReviews(db: Tx, ids: readonly string[]): Promise<ReviewRow[]> {
  return db.review.findMany({ where: { id: { in: [...ids] }, deletedAt: null } });
}

/** The live reviews of one author about several products. */
export function findReviewsByAuthor(db: Tx, authorId: string, productIds: readonly string[]): Promise<ReviewRow[]> {
  return db.review.findMany({ where: { authorId, productId: { in: [...productIds] }, deletedAt: null } });
}

/** A live review, locked until the transaction ends: everything that changes one starts here, so changes queue up. */
export async function lockReview(tx: Tx, id: string): Promise<ReviewRow | null> {
  const locked = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM review WHERE id = ${id} AND deleted_at IS NULL FOR UPDATE`;
  return locked.length === 0 ? null : tx.review.findUnique({ where: { id } });
}

export function insertReview(tx: Tx, review: NewReview): Promise<ReviewRow> {
  return tx.review.create({ data: review });
}

/** Writes a change and counts the version up. */
export function updateReview(tx: Tx, id: string, change: ReviewChange): Promise<ReviewRow> {
  return tx.review.update({ where: { id }, data: { ...change, version: { increment: 1 } } });
}

/** Notes how moderation goes. The author's version of the review stays: nothing that they sent or see has changed. */
export async function noteModeration(
  tx: Tx,
  id: string,
  change: Pick<Prisma.ReviewUncheckedUpdateInput, 'moderationRun' | 'automaticFindings' | 'checkedAt'>,
): Promise<void> {
  await tx.review.update({ where: { id }, data: change });
}

/** Reviews that wait for a moderator without a run that waits with them: written before there were runs. By id, behind the one given. */
export async function findWaitingWithoutRun(db: Tx, after: string, limit: number): Promise<string[]> {
  const where = { status: 'PENDING', deletedAt: null, moderationRun: null, id: { gt: after } };
  const rows = await db.review.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: limit });
  return rows.map(({ id }) => id);
}

/** Takes the author off everything they wrote. */
export async function forgetAuthorOf(tx: Tx, authorId: string): Promise<void> {
  await tx.review.updateMany({ where: { authorId }, data: { authorId: null } });
  await tx.question.updateMany({ where: { authorId }, data: { authorId: null } });
  await tx.answer.updateMany({ where: { authorId }, data: { authorId: null } });
}
