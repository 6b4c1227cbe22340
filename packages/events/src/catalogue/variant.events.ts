import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

/** A variant's price in one currency changed; stream: the variant id. `minor` is in the currency's minor units. */
export const VariantPriceChanged = defineEvent('variant.price_changed', {
  1: {
    schema: z.object({
      variantId: z.string(),
      productId: z.string(),
      currency: z.string().length(3),
      oldMinor: z.int().nullable(),
      newMinor: z.int(),
    }),
  },
});
