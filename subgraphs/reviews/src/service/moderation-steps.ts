import { withTx } from '@app/database';
import { publish } from '@app/events';
import { ReviewModerated } from '@app/events/catalogue/review.events';
import type { Database, Tx } from '../data/client.ts';
import { claimAnnouncement, findDecisionOfRun } from '../data/decisions.ts';
import { findReviews, lockReview, noteModeration } from '../data/reviews.ts';
import { checkText, type Finding } from '../domain/automatic-check.ts';
import { ModerationDecision } from '../domain/vocabulary.ts';
import { stateOf } from './write-review.ts';

/** A text that waits for too long. */
export interface Overdue {
  readonly reviewId: string;
  readonly runId: string;
  /** Since when it waits. */
  readonly since: Date;
}

/** What the steps of a moderation work with. */
export interface ModerationDeps {
  readonly db: Database;
  readonly now: () => Date;
  /** How long moderators have before somebody is alarmed, and then again each time. */
  readonly remindAfterMs: number;
  /** Tells people that nobody has decided. */
  readonly alarm: (overdue: Overdue) => void;
}

/** Which run, about which review. */
export interface RunOfReview {
  readonly runId: string;
  readonly reviewId: string;
}

/** How the text stands that a run waits for. */
export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'decided'; readonly decision: string; readonly reasonCode: string | null }
  | { readonly kind: 'deleted' }
  /** The author has sent another text, which has a run of its own. */
  | { readonly kind: 'edited' };

/** Read from the tables, never from a message: a run that looks again after a crash, or by hand, sees the same. */
export async function standingOf(db: Tx, { runId, reviewId }: RunOfReview): Promise<Standing> {
  const [review] = await findReviews(db, [reviewId]);
  if (review?.moderationRun === runId) return { kind: 'waiting' };
  const decided = await findDecisionOfRun(db, runId);
  if (decided !== null) return { kind: 'decided', decision: decided.decision, reasonCode: decided.reasonCode };
  return { kind: review === undefined ? 'deleted' : 'edited' };
}

/** Checks the text that waits and notes the findings for the moderators, whose answers are never cached; null when it does not wait any more. */
export function checkWaitingText({ db, now }: ModerationDeps, { runId, reviewId }: RunOfReview): Promise<Finding[] | null> {
  return withTx(db, async (tx: Tx) => {
    const review = await lockReview(tx, reviewId);
    if (review?.moderationRun !== runId) return null;
    const { text, draft } = stateOf(review);
    const automaticFindings = checkText(draft ?? text);
    await noteModeration(tx, reviewId, { automaticFindings, checkedAt: now() });
    return automaticFindings;
  });
}

/** Publishes the decision that a run is about, once however often it is asked for. */
export function announceDecision({ db, now }: ModerationDeps, runId: string): Promise<void> {
  return withTx(db, (tx: Tx) => announceIfDecided(tx, runId, now()));
}

/** A run ends without a decision: it does not wait any more, and a decision that came in this moment is not lost. */
export function stopWaiting({ db, now }: ModerationDeps, { runId, reviewId }: RunOfReview): Promise<void> {
  return withTx(db, async (tx: Tx) => {
    const review = await lockReview(tx, reviewId);
    if (review?.moderationRun === runId) await noteModeration(tx, reviewId, { moderationRun: null });
    await announceIfDecided(tx, runId, now());
  });
}

async function announceIfDecided(tx: Tx, runId: string, now: Date): Promise<void> {
  const decided = await claimAnnouncement(tx, runId, now);
  if (decided === null) return;
  const { reasonCode, isVisible, moderatorId: actor, review } = decided;
  const { id: reviewId, productId, authorId } = review;
  const decision = ModerationDecision[decided.decision as ModerationDecision];
  await publish(tx, ReviewModerated.create(reviewId, { reviewId, productId, authorId, decision, reasonCode, isVisible }, { actor }));
}
