import type { Principal } from '@app/auth';
import { isId, isUniqueViolation, newId, withTx } from '@app/database';
import { conflict, notFound, UserFault } from '@app/subgraph';
import type { Tx } from '../data/client.ts';
import { hasPurchased, lockPurchase } from '../data/purchases.ts';
import { findReviewsByAuthor, insertReview, lockReview, type NewReview, type ReviewRow } from '../data/reviews.ts';
import { AlreadyReviewed } from '../domain/already-reviewed.ts';
import { reviewTags } from '../domain/cache-tags.ts';
import { languageOf } from '../domain/language.ts';
import { decideEdit } from '../domain/review-state.ts';
import { ReviewStatus } from '../domain/vocabulary.ts';
import { canSee, isAuthor, requireUser, requireVersion } from './access.ts';
import { checkSubmit, checkUpdate, type SubmitInput, type UpdateInput } from './review-input.ts';
import type { ServiceOptions } from './service-options.ts';
import { columnsOf, stateOf, writeReview } from './write-review.ts';

/** An edit of the review `id`, refused when it is not at `expectedVersion` any more. */
export interface UpdateRequest {
  readonly id: string;
  readonly input: UpdateInput;
  readonly expectedVersion: number | null;
}

/** What authors do with their reviews. */
export class Authoring {
  constructor(private readonly options: ServiceOptions) {}

  /** Writes a review; it waits for a moderator. @throws AlreadyReviewed with the one that exists. */
  async submit(principal: Principal, input: SubmitInput): Promise<ReviewRow> {
    const { id: authorId } = requireUser(principal);
    const { db, now, onWritten } = this.options;
    const { productId, rating, title, body } = checkSubmit(input);
    const text = { rating, title, body, language: languageOf(`${title ?? ''} ${body}`) };
    const review = { productId, authorId, status: ReviewStatus.PENDING, ...text };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const row = await withTx(db, (tx: Tx) => this.#insert(tx, { ...review, id: newId('rev'), createdAt: now() }));
        await onWritten(reviewTags(row));
        return row;
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        const [existing] = await findReviewsByAuthor(db, authorId, [productId]);
        if (existing !== undefined) throw new AlreadyReviewed(existing);
        // The review that stood in the way was deleted at the same moment: there is room now.
        if (attempt === 3) throw error;
      }
    }
  }

  /** Changes a review; what is visible stays so until a moderator has seen the edit. */
  async update(principal: Principal, { id, input, expectedVersion }: UpdateRequest): Promise<ReviewRow> {
    const user = requireUser(principal);
    const edit = checkUpdate(input);
    return this.#change(principal, id, async (tx, before) => {
      if (expectedVersion !== null) requireVersion(before, expectedVersion, ['expectedVersion']);
      const decision = decideEdit(stateOf(before), edit);
      if (decision.kind === 'refused') throw new UserFault(conflict('NOT_EDITABLE', decision.why, before.version, ['id']));
      const { text, draft } = decision.next;
      const language = languageOf(`${(draft ?? text).title ?? ''} ${(draft ?? text).body}`);
      const editedAt = this.options.now();
      const moderationRun = await this.options.runs.start(tx, id, editedAt);
      const unchecked = { moderationRun, automaticFindings: [], checkedAt: null, moderationReason: null, moderationNote: null };
      const after = await writeReview(tx, {
        before,
        change: { ...columnsOf(decision.next), ...unchecked, language, editedAt },
        actor: user.id,
      });
      await this.#letGo(tx, before);
      return after;
    });
  }

  /** Takes a review off for good; the author may write another one afterwards. */
  async delete(principal: Principal, id: string): Promise<string> {
    const user = requireUser(principal);
    const noDraft = { draftRating: null, draftTitle: null, draftBody: null };
    const gone = { deletedAt: this.options.now(), isVisible: false, ...noDraft, moderationRun: null };
    await this.#change(principal, id, async (tx, before) => {
      const after = await writeReview(tx, { before, change: gone, reason: 'DELETED', actor: user.id });
      await this.#letGo(tx, before);
      return after;
    });
    return id;
  }

  async #change(principal: Principal, id: string, work: (tx: Tx, before: ReviewRow) => Promise<ReviewRow>): Promise<ReviewRow> {
    const changed = await withTx(this.options.db, async (tx: Tx) => {
      const before = isId('rev', id) ? await lockReview(tx, id) : null;
      if (before === null || !canSee(principal, before) || !isAuthor(principal, before))
        throw new UserFault(notFound('review of yours', id));
      return work(tx, before);
    });
    await this.options.onWritten(reviewTags(changed));
    return changed;
  }

  /** Whether the author has bought the product is looked up under the lock that deliveries and refunds take too. */
  async #insert(tx: Tx, review: NewReview & { readonly authorId: string; readonly createdAt: Date }): Promise<ReviewRow> {
    await lockPurchase(tx, review.authorId, review.productId);
    const moderationRun = await this.options.runs.start(tx, review.id, review.createdAt);
    return insertReview(tx, { ...review, moderationRun, isVerified: await hasPurchased(tx, review.authorId, review.productId) });
  }

  /** The run that waited with the text that was there before finds that it is gone, and ends. */
  async #letGo(tx: Tx, { moderationRun }: ReviewRow): Promise<void> {
    if (moderationRun !== null) await this.options.runs.lookAgain(tx, moderationRun);
  }
}
