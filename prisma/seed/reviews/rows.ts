import type { Stars } from './blocks/blocks.ts';

export type ReviewStatus = 'PENDING' | 'PUBLISHED' | 'REJECTED' | 'HIDDEN';

export interface ReviewRow {
  readonly id: string;
  readonly productId: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly rating: Stars;
  readonly title: string | null;
  readonly body: string;
  readonly language: 'en';
  readonly status: ReviewStatus;
  readonly verified: boolean;
  /** The purchase that verifies it. */
  readonly orderId: string | null;
  readonly moderationReason: string | null;
  readonly createdAt: Date;
  readonly votes: readonly VoteRow[];
  readonly reply: ReplyRow | null;
}

export interface VoteRow {
  readonly voterId: string;
  readonly value: 'HELPFUL' | 'NOT_HELPFUL';
  readonly at: Date;
}

export interface ReplyRow {
  readonly authorId: string;
  readonly body: string;
  readonly createdAt: Date;
}

export interface QuestionRow {
  readonly id: string;
  readonly productId: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly answers: readonly AnswerRow[];
}

export interface AnswerRow {
  readonly id: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly body: string;
  readonly fromMerchant: boolean;
  readonly helpfulCount: number;
  readonly createdAt: Date;
}

/** Published reviews of one product by stars; `verified` counts those with a purchase behind them. */
export interface HistogramRow {
  readonly productId: string;
  readonly stars: readonly [number, number, number, number, number];
  readonly verified: number;
}
