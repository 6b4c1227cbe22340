import type { Principal } from '@app/auth';
import { isId, withTx } from '@app/database';
import { InputCheck, inputError, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../data/client.ts';
import { fileReport } from '../data/reports.ts';
import { lockReview, type ReviewRow } from '../data/reviews.ts';
import { setHelpfulCount, setVote } from '../data/votes.ts';
import { reviewTags } from '../domain/cache-tags.ts';
import { decideReported } from '../domain/review-state.ts';
import type { ReportReason, VoteValue } from '../domain/vocabulary.ts';
import { isAuthor, requireUser } from './access.ts';
import { MAX_NOTE } from './review-input.ts';
import type { ServiceOptions } from './service-options.ts';
import { columnsOf, stateOf, writeReview } from './write-review.ts';

/** A report as it is sent. */
export interface ReportInput {
  readonly reviewId: string;
  readonly reason: ReportReason;
  readonly note?: string | null;
}

/** What readers do with the reviews of others. */
export class Feedback {
  constructor(private readonly options: ServiceOptions) {}

  /** Sets, changes or (null) clears the reader's vote. The same vote twice is one vote. */
  vote(principal: Principal, reviewId: string, value: VoteValue | null): Promise<ReviewRow> {
    const { id: voterId } = requireUser(principal);
    return this.#onOthersReview(principal, { reviewId, path: ['reviewId'] }, async (tx, review) => {
      const helpfulCount = await setVote(tx, { reviewId, voterId, value });
      await setHelpfulCount(tx, reviewId, helpfulCount);
      return { ...review, helpfulCount };
    });
  }

  /** Reports a review to the moderators; enough open reports hide it until one has looked. */
  report(principal: Principal, { reviewId, reason, note }: ReportInput): Promise<ReviewRow> {
    const { id: reporterId } = requireUser(principal);
    const check = new InputCheck();
    const text = check.optionalText(note, ['input', 'note'], { max: MAX_NOTE, multiline: true });
    check.finish();
    return this.#onOthersReview(principal, { reviewId, path: ['input', 'reviewId'] }, async (tx, before) => {
      const openReports = await fileReport(tx, { reviewId, reporterId, reason, note: text });
      const state = stateOf(before);
      const decision = decideReported(state, openReports);
      const next = decision.kind === 'changed' ? decision.next : state;
      if (next.isVisible === before.isVisible && openReports === before.openReports) return before;
      const isHidden = before.isVisible && !next.isVisible;
      const change = { ...columnsOf(next), openReports, ...(isHidden && { moderationReason: 'REPORTED' }) };
      return writeReview(tx, { before, change, reason: 'REPORTED', actor: reporterId });
    });
  }

  async #onOthersReview(
    principal: Principal,
    { reviewId, path }: { readonly reviewId: string; readonly path: readonly string[] },
    work: (tx: Tx, review: ReviewRow) => Promise<ReviewRow>,
  ): Promise<ReviewRow> {
    const review = await withTx(this.options.db, async (tx: Tx) => {
      const found = isId('rev', reviewId) ? await lockReview(tx, reviewId) : null;
      if (found !== null && isAuthor(principal, found)) {
        throw new UserFault(inputError(path, 'OWN_REVIEW', 'This is your own review: leave judging it to others.'));
      }
      if (!found?.isVisible) throw new UserFault(notFound('review', reviewId, path));
      return work(tx, found);
    });
    await this.options.onWritten(reviewTags(review));
    return review;
  }
}
