import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

const level = z.object({ variantId: z.string(), productId: z.string(), available: z.int().nonnegative() });

/** What can be sold of a variant fell under its threshold; stream: the variant id. */
export const StockLow = defineEvent('stock.low', { 1: { schema: level } });

/** Nothing of a variant can be sold. */
export const StockDepleted = defineEvent('stock.depleted', { 1: { schema: level } });
