import { fillDatabase, type SeedOptions, type SeedResult, type TableRows } from '../seed/core/fill-database.ts';
import { deliveredLines } from '../seed/orders/purchases.ts';
import { demoPeople } from '../seed/people/demo-logins.ts';
import { histogramsOf } from '../seed/reviews/histogram.ts';
import type { QuestionRow, ReviewRow } from '../seed/reviews/rows.ts';
import type { Town } from '../seed/world.ts';

/**
 * Fills the reviews database: reviews, votes, histograms, questions, and the projections that events from
 * accounts and orders would have built (authors' names, what was received).
 */
export function seed(options: SeedOptions): Promise<SeedResult> {
  return fillDatabase(options, {
    marker: (town) => ({ table: 'review', id: town.reviews()[0]?.id ?? '' }),
    rowsOf: tablesOf,
  });
}

function tablesOf(town: Town): TableRows[] {
  const reviews = town.reviews();
  return [
    // The moderator answers for the shop in every town, so the first town's people are shared.
    {
      table: 'author',
      isShared: true,
      rows: [...demoPeople(), ...town.people()].map(({ id, displayName }) => ({ id, display_name: displayName })),
    },
    { table: 'purchased_item', rows: purchaseRows(town) },
    { table: 'review', rows: reviews.map(reviewRow) },
    {
      table: 'review_vote',
      rows: reviews.flatMap(({ id, votes }) =>
        votes.map((vote) => ({ review_id: id, voter_id: vote.voterId, value: vote.value, voted_at: vote.at })),
      ),
    },
    { table: 'product_rating', rows: ratingRows(reviews) },
    {
      table: 'question',
      rows: town
        .questions()
        .map((row) => ({ id: row.id, product_id: row.productId, author_id: row.authorId, body: row.body, created_at: row.createdAt })),
    },
    { table: 'answer', rows: town.questions().flatMap(answerRows) },
  ];
}

function purchaseRows(town: Town): Record<string, unknown>[] {
  return deliveredLines(town.orders()).map((item) => ({
    order_id: item.orderId,
    line_id: item.orderLineId,
    buyer_id: item.buyerId,
    product_id: item.productId,
    quantity: item.quantity,
    refunded_quantity: item.refundedQuantity,
    delivered_at: item.deliveredAt,
  }));
}

function reviewRow(review: ReviewRow): Record<string, unknown> {
  return {
    id: review.id,
    product_id: review.productId,
    author_id: review.authorId,
    rating: review.rating,
    title: review.title,
    body: review.body,
    language: review.language,
    status: review.status,
    is_visible: review.status === 'PUBLISHED',
    is_verified: review.verified,
    moderation_reason: review.moderationReason,
    helpful_count: review.votes.filter(({ value }) => value === 'HELPFUL').length,
    open_reports: 0,
    media_count: 0,
    reply_body: review.reply?.body ?? null,
    reply_author_id: review.reply?.authorId ?? null,
    replied_at: review.reply?.createdAt ?? null,
    version: 1,
    created_at: review.createdAt,
  };
}

function ratingRows(reviews: readonly ReviewRow[]): Record<string, unknown>[] {
  return histogramsOf(reviews).map(({ productId, stars: [one, two, three, four, five], verified }) => ({
    product_id: productId,
    stars_1: one,
    stars_2: two,
    stars_3: three,
    stars_4: four,
    stars_5: five,
    verified,
  }));
}

function answerRows({ id, answers }: QuestionRow): Record<string, unknown>[] {
  return answers.map((answer) => ({
    id: answer.id,
    question_id: id,
    author_id: answer.authorId,
    body: answer.body,
    from_merchant: answer.fromMerchant,
    helpful_count: answer.helpfulCount,
    created_at: answer.createdAt,
  }));
}
