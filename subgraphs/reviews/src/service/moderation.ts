import type { Principal } from '@app/auth';
import { isId, withTx } from '@app/database';
import { conflict, InputCheck, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../data/client.ts';
import { insertDecision } from '../data/decisions.ts';
import { resolveReports } from '../data/reports.ts';
import { lockReview, type ReviewChange, type ReviewRow } from '../data/reviews.ts';
import { reviewTags } from '../domain/cache-tags.ts';
import { decideModeration } from '../domain/review-state.ts';
import type { ModerationDecision } from '../domain/vocabulary.ts';
import { requireScope, requireVersion } from './access.ts';
import { MAX_BODY, MAX_NOTE } from './review-input.ts';
import type { ServiceOptions } from './service-options.ts';
import { columnsOf, stateOf, writeReview } from './write-review.ts';

/** A decision as it is sent. */
export interface ModerateInput {
  readonly decision: ModerationDecision;
  readonly reasonCode?: string | null;
  readonly note?: string | null;
  readonly expectedVersion?: number | null;
}

/** A decision that was carried out. */
interface Decided {
  readonly decision: ModerationDecision;
  readonly reasonCode: string | null;
  readonly moderatorId: string;
  readonly before: ReviewRow;
  readonly after: ReviewRow;
}

const REASON_CODE = { regex: /^[A-Z][A-Z0-9_]*$/, hint: 'A reason code has capitals, digits and underscores, such as OFF_TOPIC.' };

/** What staff does with reviews. */
export class Moderation {
  constructor(private readonly options: ServiceOptions) {}

  /**
   * Publishes, rejects or hides a review, and closes the reports that were open. Threat: an author sends another text between a moderator's
   * look and their decision. Consequence: with `expectedVersion` the decision is about what was seen.
   */
  moderate(principal: Principal, id: string, { decision, reasonCode, note, expectedVersion }: ModerateInput): Promise<ReviewRow> {
    const moderator = requireScope(principal, 'reviews:moderate');
    const check = new InputCheck();
    const moderationReason = check.optionalText(reasonCode, ['input', 'reasonCode'], { max: 50, pattern: REASON_CODE });
    const moderationNote = check.optionalText(note, ['input', 'note'], { max: MAX_NOTE, multiline: true });
    check.finish();
    return this.#change(id, ['id'], async (tx, before) => {
      if (expectedVersion != null) requireVersion(before, expectedVersion, ['input', 'expectedVersion']);
      const decided = decideModeration(stateOf(before), decision);
      if (decided.kind === 'refused')
        throw new UserFault(conflict('ILLEGAL_TRANSITION', decided.why, before.version, ['input', 'decision']));
      await resolveReports(tx, id);
      const by = { moderationReason, moderationNote, moderatedBy: moderator.id, openReports: 0, moderationRun: null };
      const change = { ...columnsOf(decided.next), ...by };
      const after = await writeReview(tx, { before, change, reason: 'MODERATED', actor: moderator.id });
      await this.#record(tx, { decision, reasonCode: moderationReason, moderatorId: moderator.id, before, after });
      return after;
    });
  }

  /** Sets the merchant's reply under a visible review; null or blank takes it off. */
  reply(principal: Principal, reviewId: string, body: string | null): Promise<ReviewRow> {
    const staff = requireScope(principal, 'reviews:reply');
    const check = new InputCheck();
    const replyBody = check.optionalText(body, ['body'], { max: MAX_BODY, multiline: true });
    check.finish();
    return this.#change(reviewId, ['reviewId'], (tx, before) => {
      if (!before.isVisible)
        throw new UserFault(conflict('NOT_VISIBLE', 'A reply stands under a visible review.', before.version, ['reviewId']));
      const change: ReviewChange =
        replyBody === null
          ? { replyBody: null, replyAuthorId: null, repliedAt: null }
          : { replyBody, replyAuthorId: staff.id, repliedAt: this.options.now() };
      return writeReview(tx, { before, change, actor: staff.id });
    });
  }

  /** The run that waits for a decision announces it; one that nobody waited for, such as hiding what is published, starts a run. */
  async #record(tx: Tx, { before, after, ...facts }: Decided): Promise<void> {
    const { runs, now } = this.options;
    const decidedAt = now();
    const waiting = before.moderationRun;
    const runId = waiting ?? (await runs.start(tx, after.id, decidedAt));
    await insertDecision(tx, { ...facts, runId, reviewId: after.id, isVisible: after.isVisible, decidedAt });
    if (waiting !== null) await runs.lookAgain(tx, waiting);
  }

  async #change(id: string, path: readonly string[], work: (tx: Tx, before: ReviewRow) => Promise<ReviewRow>): Promise<ReviewRow> {
    const review = await withTx(this.options.db, async (tx: Tx) => {
      const before = isId('rev', id) ? await lockReview(tx, id) : null;
      if (before === null) throw new UserFault(notFound('review', id, path));
      return work(tx, before);
    });
    await this.options.onWritten(reviewTags(review));
    return review;
  }
}
