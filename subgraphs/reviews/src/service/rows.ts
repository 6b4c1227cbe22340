/** Rows that use cases hand out, named where the graph may import them. */
export type { ReviewableRow } from '../data/purchases.ts';
export type { AnswerRow, QuestionRow } from '../data/questions.ts';
export type { ReviewRow } from '../data/reviews.ts';
