import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

/** Returned goods arrived in the warehouse; stream: the return's id. */
export const ReturnReceived = defineEvent('return.received', {
  1: {
    schema: z.object({
      returnId: z.string(),
      orderId: z.string(),
      lines: z.array(z.object({ variantId: z.string(), quantity: z.int().positive(), restock: z.boolean() })),
    }),
  },
});
