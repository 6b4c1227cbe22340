import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

/**
 * The rating of a product changed; stream: the product id. Carries the whole new aggregate, so a consumer that
 * keeps the last one is right. `distribution[n]` counts reviews of n + 1 stars; `average` is null without reviews.
 */
export const RatingChanged = defineEvent('rating.changed', {
  1: {
    schema: z.object({
      productId: z.string(),
      average: z.number().min(1).max(5).nullable(),
      count: z.int().nonnegative(),
      verifiedCount: z.int().nonnegative(),
      distribution: z.array(z.int().nonnegative()).length(5),
    }),
  },
});
