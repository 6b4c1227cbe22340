import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

const product = z.object({ productId: z.string(), slug: z.string(), title: z.string() });

/** A product became visible; stream: the product id. */
export const ProductPublished = defineEvent('product.published', { 1: { schema: product } });

/** Facts of a product changed; the event carries the ones that others show. */
export const ProductUpdated = defineEvent('product.updated', { 1: { schema: product } });

/** A product went out of sale. */
export const ProductArchived = defineEvent('product.archived', { 1: { schema: z.object({ productId: z.string() }) } });
