import { type Connection, type PageRequest, toConnection } from '@app/subgraph';
import type { Database } from '../data/client.ts';
import { answerCursorKey, countAnswers, countQuestions, listAnswers, listQuestions, questionCursorKey } from '../data/questions.ts';
import { countPerParent, listByAuthor, listByProduct, type ReviewListQuery, reviewCursorKey } from '../data/review-lists.ts';
import type { ReviewFilter } from '../domain/vocabulary.ts';

/** How to make the connections of many parents from one statement. */
interface Paging<Row> {
  readonly page: PageRequest;
  readonly parentOf: (row: Row) => string | null;
  readonly keyOf: (row: Row) => (string | number)[];
  readonly total: (parentId: string) => Promise<number>;
}

/** A function that counts for one parent, batched over all that are asked for at once. */
export type Count = (parentId: string) => Promise<number>;

/** Lists under parents, read for all parents of a request in one statement each. */
export class Listing {
  constructor(private readonly db: Database) {}

  async reviewsOfProducts(ids: readonly string[], query: ReviewListQuery, total: Count) {
    const paging = { page: query.page, keyOf: reviewCursorKey[query.sort], total };
    return connections(ids, await listByProduct(this.db, ids, query), { ...paging, parentOf: ({ productId }) => productId });
  }

  async reviewsOfAuthors(ids: readonly string[], query: ReviewListQuery, total: Count) {
    const paging = { page: query.page, keyOf: reviewCursorKey[query.sort], total };
    return connections(ids, await listByAuthor(this.db, ids, query), { ...paging, parentOf: ({ authorId }) => authorId });
  }

  async questionsOfProducts(ids: readonly string[], page: PageRequest, total: Count) {
    const rows = await listQuestions(this.db, ids, page);
    return connections(ids, rows, { page, parentOf: ({ productId }) => productId, keyOf: questionCursorKey, total });
  }

  async answersOfQuestions(ids: readonly string[], page: PageRequest, total: Count) {
    const rows = await listAnswers(this.db, ids, page);
    return connections(ids, rows, { page, parentOf: ({ questionId }) => questionId, keyOf: answerCursorKey, total });
  }

  async countReviews(parent: 'product' | 'author', ids: readonly string[], filter: ReviewFilter): Promise<number[]> {
    return align(ids, await countPerParent(this.db, parent, ids, filter));
  }

  async countQuestions(ids: readonly string[]): Promise<number[]> {
    return align(ids, await countQuestions(this.db, ids));
  }

  async countAnswers(ids: readonly string[]): Promise<number[]> {
    return align(ids, await countAnswers(this.db, ids));
  }
}

function connections<Row>(ids: readonly string[], rows: readonly Row[], paging: Paging<Row>): Connection<Row>[] {
  const byParent = Map.groupBy(rows, paging.parentOf);
  return ids.map((id) => toConnection(byParent.get(id) ?? [], paging.page, paging.keyOf, () => paging.total(id)));
}

function align(ids: readonly string[], counts: ReadonlyMap<string, number>): number[] {
  return ids.map((id) => counts.get(id) ?? 0);
}
