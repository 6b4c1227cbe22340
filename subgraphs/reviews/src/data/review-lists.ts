import type { PageRequest } from '@app/subgraph';
import { type ReviewFilter, ReviewSort, type ReviewStatus } from '../domain/vocabulary.ts';
import { Prisma } from './client/client.ts';
import type { Tx } from './client.ts';
import { instantOf, integerOf, textOf } from './cursor-part.ts';
import type { ReviewRow } from './reviews.ts';

/** A page of each parent's reviews, read for all parents in one statement. */
export interface ReviewListQuery {
  readonly page: PageRequest;
  readonly sort: ReviewSort;
  readonly filter: ReviewFilter;
}

interface Order {
  readonly column: Prisma.Sql;
  readonly key: (part: string | number | null | undefined) => Date | number;
  readonly isAscending: boolean;
}

const ORDERS: Record<ReviewSort, Order> = {
  [ReviewSort.MOST_HELPFUL]: { column: Prisma.sql`r.helpful_count`, key: integerOf, isAscending: false },
  [ReviewSort.NEWEST]: { column: Prisma.sql`r.created_at`, key: instantOf, isAscending: false },
  [ReviewSort.RATING_DESC]: { column: Prisma.sql`r.rating`, key: integerOf, isAscending: false },
  [ReviewSort.RATING_ASC]: { column: Prisma.sql`r.rating`, key: integerOf, isAscending: true },
};

/** What a cursor of each order points at. */
export const reviewCursorKey: Record<ReviewSort, (row: ReviewRow) => (string | number)[]> = {
  [ReviewSort.MOST_HELPFUL]: (row) => [row.helpfulCount, row.id],
  [ReviewSort.NEWEST]: (row) => [row.createdAt.toISOString(), row.id],
  [ReviewSort.RATING_DESC]: (row) => [row.rating, row.id],
  [ReviewSort.RATING_ASC]: (row) => [row.rating, row.id],
};

const COLUMNS = Prisma.sql`r.id, r.product_id AS "productId", r.author_id AS "authorId", r.rating, r.title, r.body, r.language, r.status,
  r.is_visible AS "isVisible", r.is_verified AS "isVerified", r.draft_rating AS "draftRating", r.draft_title AS "draftTitle",
  r.draft_body AS "draftBody", r.moderation_reason AS "moderationReason", r.moderation_note AS "moderationNote",
  r.moderated_by AS "moderatedBy", r.moderation_run AS "moderationRun", r.automatic_findings AS "automaticFindings",
  r.checked_at AS "checkedAt", r.helpful_count AS "helpfulCount", r.open_reports AS "openReports", r.media_count AS "mediaCount",
  r.reply_body AS "replyBody", r.reply_author_id AS "replyAuthorId", r.replied_at AS "repliedAt", r.version,
  r.created_at AS "createdAt", r.edited_at AS "editedAt", r.deleted_at AS "deletedAt"`;

/** Visible reviews of several products: for each at most `limit + 1`, in order. */
export function listByProduct(db: Tx, productIds: readonly string[], query: ReviewListQuery): Promise<ReviewRow[]> {
  return listPerParent(db, Prisma.sql`r.product_id`, productIds, query);
}

/** Visible reviews of several authors. */
export function listByAuthor(db: Tx, authorIds: readonly string[], query: ReviewListQuery): Promise<ReviewRow[]> {
  return listPerParent(db, Prisma.sql`r.author_id`, authorIds, query);
}

function listPerParent(db: Tx, parent: Prisma.Sql, ids: readonly string[], { page, sort, filter }: ReviewListQuery): Promise<ReviewRow[]> {
  const order = ORDERS[sort];
  const direction = order.isAscending ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  return db.$queryRaw<ReviewRow[]>`
    SELECT page.* FROM unnest(${[...ids]}::text[]) AS parent(id)
    CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM review r
      WHERE ${parent} = parent.id AND r.is_visible ${matching(filter)} ${after(order, page)}
      ORDER BY ${order.column} ${direction}, r.id ${direction} LIMIT ${page.limit + 1}
    ) page`;
}

/** How many visible reviews match, per product or author. */
export async function countPerParent(
  db: Tx,
  parent: 'product' | 'author',
  ids: readonly string[],
  filter: ReviewFilter,
): Promise<ReadonlyMap<string, number>> {
  const column = parent === 'product' ? Prisma.sql`r.product_id` : Prisma.sql`r.author_id`;
  const rows = await db.$queryRaw<{ id: string; count: number }[]>`
    SELECT ${column} AS id, count(*)::int AS count FROM review r
    WHERE ${column} = ANY(${[...ids]}::text[]) AND r.is_visible ${matching(filter)} GROUP BY 1`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** The oldest reviews of a status first: what moderators work through. */
export function listByStatus(db: Tx, status: ReviewStatus, page: PageRequest): Promise<ReviewRow[]> {
  return db.$queryRaw<ReviewRow[]>`
    SELECT ${COLUMNS} FROM review r
    WHERE r.status = ${status} AND r.deleted_at IS NULL
      ${page.from === null ? Prisma.empty : Prisma.sql`AND (r.created_at, r.id) > (${instantOf(page.from[0])}, ${textOf(page.from[1])})`}
    ORDER BY r.created_at, r.id LIMIT ${page.limit + 1}`;
}

export function countByStatus(db: Tx, status: ReviewStatus): Promise<number> {
  return db.review.count({ where: { status, deletedAt: null } });
}

function after({ column, key, isAscending }: Order, { from }: PageRequest): Prisma.Sql {
  if (from === null) return Prisma.empty;
  const [value, id] = [key(from[0]), textOf(from[1])];
  return isAscending ? Prisma.sql`AND (${column}, r.id) > (${value}, ${id})` : Prisma.sql`AND (${column}, r.id) < (${value}, ${id})`;
}

function matching({ stars, verifiedOnly, withMedia, language }: ReviewFilter): Prisma.Sql {
  const byStars = stars == null ? Prisma.empty : Prisma.sql`AND r.rating = ANY(${[...stars]}::int[])`;
  const verified = verifiedOnly === true ? Prisma.sql`AND r.is_verified` : Prisma.empty;
  const media = withMedia === true ? Prisma.sql`AND r.media_count > 0` : Prisma.empty;
  const tongue = language == null ? Prisma.empty : Prisma.sql`AND r.language = ${language}`;
  return Prisma.sql`${byStars} ${verified} ${media} ${tongue}`;
}
