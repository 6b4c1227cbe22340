import type { Principal } from '@app/auth';
import { isId } from '@app/database';
import { type Connection, type PageArguments, pageRequest, toConnection } from '@app/subgraph';
import { findAuthorNames } from '../data/authors.ts';
import type { Database } from '../data/client.ts';
import { findMedia, type MediaRow } from '../data/media.ts';
import { listReviewable, type ReviewableRow } from '../data/purchases.ts';
import { findAnswers, findQuestions } from '../data/questions.ts';
import { findRatings } from '../data/ratings.ts';
import { countByStatus, listByStatus, reviewCursorKey } from '../data/review-lists.ts';
import { findReviews, findReviewsByAuthor, type ReviewRow } from '../data/reviews.ts';
import { findVotes } from '../data/votes.ts';
import { ReviewSort, type ReviewStatus, type VoteValue } from '../domain/vocabulary.ts';
import { canSee, requireScope, requireUser } from './access.ts';

type Found<Row> = (Row | null)[];

/** Reads by key, for many keys at once, with the rules of who may see what applied to the rows. */
export class Reading {
  constructor(private readonly db: Database) {}

  /** Reviews that the caller may see, in the order of the ids; null for all others. */
  async reviews(principal: Principal, ids: readonly string[]): Promise<Found<ReviewRow>> {
    const rows = await findReviews(
      this.db,
      ids.filter((id) => isId('rev', id)),
    );
    return align(
      ids,
      rows.filter((row) => canSee(principal, row)),
    );
  }

  /** The caller's own reviews of several products; nothing for anonymous callers. */
  async viewerReviews(principal: Principal, productIds: readonly string[]): Promise<Found<ReviewRow>> {
    if (principal.kind !== 'user') return productIds.map(() => null);
    const rows = await findReviewsByAuthor(this.db, principal.id, productIds);
    const byProduct = new Map(rows.map((row) => [row.productId, row]));
    return productIds.map((id) => byProduct.get(id) ?? null);
  }

  async viewerVotes(principal: Principal, reviewIds: readonly string[]): Promise<Found<VoteValue>> {
    if (principal.kind !== 'user') return reviewIds.map(() => null);
    const votes = await findVotes(this.db, principal.id, reviewIds);
    return reviewIds.map((id) => votes.get(id) ?? null);
  }

  async ratings(productIds: readonly string[]) {
    const counts = await findRatings(this.db, productIds);
    return productIds.map((id) => counts.get(id) ?? { stars: [0, 0, 0, 0, 0], verified: 0 });
  }

  async media(reviewIds: readonly string[]): Promise<MediaRow[][]> {
    const byReview = Map.groupBy(await findMedia(this.db, reviewIds), ({ reviewId }) => reviewId);
    return reviewIds.map((id) => byReview.get(id) ?? []);
  }

  async authorNames(ids: readonly string[]): Promise<Found<string>> {
    const names = await findAuthorNames(this.db, ids);
    return ids.map((id) => names.get(id) ?? null);
  }

  async questions(ids: readonly string[]) {
    return align(
      ids,
      await findQuestions(
        this.db,
        ids.filter((id) => isId('qst', id)),
      ),
    );
  }

  async answers(ids: readonly string[]) {
    return align(
      ids,
      await findAnswers(
        this.db,
        ids.filter((id) => isId('ans', id)),
      ),
    );
  }

  /** What the moderators have to do, oldest first. */
  async moderationQueue(principal: Principal, status: ReviewStatus, args: PageArguments): Promise<Connection<ReviewRow>> {
    requireScope(principal, 'reviews:moderate');
    const page = pageRequest(args, `QUEUE_${status}`, 2);
    const rows = await listByStatus(this.db, status, page);
    return toConnection(rows, page, reviewCursorKey[ReviewSort.NEWEST], () => countByStatus(this.db, status));
  }

  /** What the account holder received and has not reviewed; null for anybody else's account. */
  async reviewableItems(principal: Principal, accountId: string, args: PageArguments): Promise<Connection<ReviewableRow> | null> {
    if (requireUser(principal).id !== accountId) return null;
    const page = pageRequest(args, 'REVIEWABLE', 2);
    return toConnection(await listReviewable(this.db, accountId, page), page, (row) => [row.deliveredAt.toISOString(), row.productId]);
  }
}

function align<Row extends { readonly id: string }>(ids: readonly string[], rows: readonly Row[]): Found<Row> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
