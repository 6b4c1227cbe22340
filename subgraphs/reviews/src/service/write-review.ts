import { type DraftEvent, publishBatch } from '@app/events';
import { RatingChanged } from '@app/events/catalogue/rating.events';
import { ReviewHidden, ReviewPublished } from '@app/events/catalogue/review.events';
import type { Tx } from '../data/client.ts';
import { addToRating } from '../data/ratings.ts';
import { type ReviewChange, type ReviewRow, updateReview } from '../data/reviews.ts';
import { type Contribution, type RatingCounts, ratingAverage, ratingCount, ratingDelta } from '../domain/rating.ts';
import type { ReviewState } from '../domain/review-state.ts';
import { ReviewStatus } from '../domain/vocabulary.ts';

/** A change of one locked review. */
export interface ReviewWrite {
  readonly before: ReviewRow;
  readonly change: ReviewChange;
  /** Why it went out of sight, if it did. */
  readonly reason?: 'MODERATED' | 'REPORTED' | 'DELETED';
  /** Who or what caused it: carried by the events. */
  readonly actor: string;
}

/**
 * Writes a change of a review with everything that follows from it, in the same transaction: the rating of its product
 * and the events. Every change of text, stars or visibility goes through here.
 */
export async function writeReview(tx: Tx, write: ReviewWrite): Promise<ReviewRow> {
  const after = await updateReview(tx, write.before.id, write.change);
  await followUp(tx, write.before, after, write);
  return after;
}

/** The consequences of a change from one row (null: there was none) to another. */
export async function followUp(
  tx: Tx,
  before: ReviewRow | null,
  after: ReviewRow,
  { reason = 'MODERATED', actor }: Pick<ReviewWrite, 'reason' | 'actor'>,
): Promise<void> {
  const metadata = { actor };
  const events: DraftEvent[] = [];
  const { id: reviewId, productId, authorId, rating } = after;
  const wasVisible = before?.isVisible ?? false;
  const isNewText = before?.body !== after.body || before.title !== after.title || before.rating !== after.rating;
  if (after.isVisible && (!wasVisible || isNewText)) {
    events.push(ReviewPublished.create(reviewId, { reviewId, productId, authorId, rating }, metadata));
  }
  if (wasVisible && !after.isVisible) {
    events.push(ReviewHidden.create(reviewId, { reviewId, productId, authorId, rating: before?.rating ?? rating, reason }, metadata));
  }
  const delta = ratingDelta(before === null ? null : contribution(before), contribution(after));
  if (delta !== null) {
    const counts = await addToRating(tx, productId, delta);
    events.push(RatingChanged.create(productId, { productId, ...ratingFacts(counts) }, metadata));
  }
  await publishBatch(tx, events);
}

/** A row as the domain decides on it. */
export function stateOf(row: ReviewRow): ReviewState {
  const { draftRating, draftTitle, draftBody } = row;
  return {
    status: ReviewStatus[row.status as ReviewStatus],
    isVisible: row.isVisible,
    text: { rating: row.rating, title: row.title, body: row.body },
    draft: draftRating === null || draftBody === null ? null : { rating: draftRating, title: draftTitle, body: draftBody },
  };
}

/** The columns of a state. */
export function columnsOf({ status, isVisible, text, draft }: ReviewState) {
  return {
    status,
    isVisible,
    ...text,
    draftRating: draft?.rating ?? null,
    draftTitle: draft?.title ?? null,
    draftBody: draft?.body ?? null,
  };
}

function contribution({ isVisible, rating, isVerified }: ReviewRow): Contribution {
  return isVisible ? { rating, isVerified } : null;
}

function ratingFacts(counts: RatingCounts) {
  const { verified, stars } = counts;
  return { average: ratingAverage(counts), count: ratingCount(counts), verifiedCount: verified, distribution: [...stars] };
}
