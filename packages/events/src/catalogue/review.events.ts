import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

const review = z.object({
  reviewId: z.string(),
  productId: z.string(),
  authorId: z.string().nullable(),
  rating: z.int().min(1).max(5),
});

/** A review became visible, for the first time or again; stream: the review id. */
export const ReviewPublished = defineEvent('review.published', { 1: { schema: review } });

/**
 * A moderator decided about a review; stream: the review id. `isVisible`: the public sees a text of it after the decision, which after a REJECT
 * is the text that was approved before the edit.
 */
export const ReviewModerated = defineEvent('review.moderated', {
  1: {
    schema: z.object({
      reviewId: z.string(),
      productId: z.string(),
      authorId: z.string().nullable(),
      decision: z.enum(['PUBLISH', 'REJECT', 'HIDE']),
      reasonCode: z.string().nullable(),
      isVisible: z.boolean(),
    }),
  },
});

/** A visible review was taken off: hidden by a moderator or by reports, or deleted by its author. */
export const ReviewHidden = defineEvent('review.hidden', {
  1: { schema: review.extend({ reason: z.enum(['MODERATED', 'REPORTED', 'DELETED']) }) },
});
