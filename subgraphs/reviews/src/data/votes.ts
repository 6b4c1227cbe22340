import { VoteValue } from '../domain/vocabulary.ts';
import type { Tx } from './client.ts';

/** One reader's votes on several reviews, by review id. */
export async function findVotes(db: Tx, voterId: string, reviewIds: readonly string[]): Promise<ReadonlyMap<string, VoteValue>> {
  const rows = await db.reviewVote.findMany({ where: { voterId, reviewId: { in: [...reviewIds] } } });
  return new Map(rows.map(({ reviewId, value }) => [reviewId, VoteValue[value as VoteValue]]));
}

/** Sets or clears a vote under the review's lock, and answers how many find the review helpful. */
export async function setVote(tx: Tx, vote: { reviewId: string; voterId: string; value: VoteValue | null }): Promise<number> {
  const { reviewId, voterId, value } = vote;
  if (value === null) await tx.reviewVote.deleteMany({ where: { reviewId, voterId } });
  else {
    const key = { reviewId_voterId: { reviewId, voterId } };
    await tx.reviewVote.upsert({ where: key, create: { reviewId, voterId, value }, update: { value, votedAt: new Date() } });
  }
  return tx.reviewVote.count({ where: { reviewId, value: VoteValue.HELPFUL } });
}

export async function setHelpfulCount(tx: Tx, reviewId: string, helpfulCount: number): Promise<void> {
  await tx.review.update({ where: { id: reviewId }, data: { helpfulCount } });
}
