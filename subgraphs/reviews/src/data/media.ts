import type { ReviewMedia } from './client/client.ts';
import type { Tx } from './client.ts';

export type MediaRow = ReviewMedia;

/** The pictures of several reviews, in their order. */
export function findMedia(db: Tx, reviewIds: readonly string[]): Promise<MediaRow[]> {
  return db.reviewMedia.findMany({ where: { reviewId: { in: [...reviewIds] } }, orderBy: [{ reviewId: 'asc' }, { position: 'asc' }] });
}
