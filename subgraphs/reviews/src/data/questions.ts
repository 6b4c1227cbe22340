import type { PageRequest } from '@app/subgraph';
import { type Answer, Prisma, type Question } from './client/client.ts';
import type { Tx } from './client.ts';
import { instantOf, integerOf, textOf } from './cursor-part.ts';

export type QuestionRow = Question;
export type AnswerRow = Answer;

export function findQuestions(db: Tx, ids: readonly string[]): Promise<QuestionRow[]> {
  return db.question.findMany({ where: { id: { in: [...ids] } } });
}

export function findAnswers(db: Tx, ids: readonly string[]): Promise<AnswerRow[]> {
  return db.answer.findMany({ where: { id: { in: [...ids] } } });
}

export function insertQuestion(tx: Tx, question: Prisma.QuestionUncheckedCreateInput): Promise<QuestionRow> {
  return tx.question.create({ data: question });
}

export function insertAnswer(tx: Tx, answer: Prisma.AnswerUncheckedCreateInput): Promise<AnswerRow> {
  return tx.answer.create({ data: answer });
}

/** The newest questions about several products: for each at most `limit + 1`. */
export function listQuestions(db: Tx, productIds: readonly string[], page: PageRequest): Promise<QuestionRow[]> {
  return db.$queryRaw<QuestionRow[]>`
    SELECT page.* FROM unnest(${[...productIds]}::text[]) AS parent(id)
    CROSS JOIN LATERAL (
      SELECT q.id, q.product_id AS "productId", q.author_id AS "authorId", q.body, q.created_at AS "createdAt" FROM question q
      WHERE q.product_id = parent.id ${page.from === null ? Prisma.empty : Prisma.sql`AND (q.created_at, q.id) < (${instantOf(page.from[0])}, ${textOf(page.from[1])})`}
      ORDER BY q.created_at DESC, q.id DESC LIMIT ${page.limit + 1}
    ) page`;
}

/** The answers to several questions, the merchant's first, then the oldest. */
export function listAnswers(db: Tx, questionIds: readonly string[], page: PageRequest): Promise<AnswerRow[]> {
  return db.$queryRaw<AnswerRow[]>`
    SELECT page.* FROM unnest(${[...questionIds]}::text[]) AS parent(id)
    CROSS JOIN LATERAL (
      SELECT a.id, a.question_id AS "questionId", a.author_id AS "authorId", a.body, a.from_merchant AS "fromMerchant",
        a.helpful_count AS "helpfulCount", a.created_at AS "createdAt"
      FROM answer a WHERE a.question_id = parent.id
        ${page.from === null ? Prisma.empty : Prisma.sql`AND (NOT a.from_merchant, a.created_at, a.id) > (${integerOf(page.from[0]) === 1}, ${instantOf(page.from[1])}, ${textOf(page.from[2])})`}
      ORDER BY NOT a.from_merchant, a.created_at, a.id LIMIT ${page.limit + 1}
    ) page`;
}

export const questionCursorKey = (row: QuestionRow) => [row.createdAt.toISOString(), row.id];
export const answerCursorKey = (row: AnswerRow) => [row.fromMerchant ? 0 : 1, row.createdAt.toISOString(), row.id];

export async function countQuestions(db: Tx, productIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const where = { productId: { in: [...productIds] } };
  const rows = await db.question.groupBy({ by: ['productId'], where, _count: true });
  return new Map(rows.map(({ productId, _count }) => [productId, _count]));
}

export async function countAnswers(db: Tx, questionIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const where = { questionId: { in: [...questionIds] } };
  const rows = await db.answer.groupBy({ by: ['questionId'], where, _count: true });
  return new Map(rows.map(({ questionId, _count }) => [questionId, _count]));
}
