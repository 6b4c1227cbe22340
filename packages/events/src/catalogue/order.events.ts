import { z } from 'zod';
import { defineEvent } from '../define-event.ts';

const money = z.object({ minor: z.int(), currency: z.string().length(3) });

const line = z.object({
  lineId: z.string(),
  productId: z.string(),
  variantId: z.string(),
  sku: z.string(),
  quantity: z.int().positive(),
});

/** Lines of an order as they were bought; `buyerId` is null for a guest. */
const orderLines = z.object({
  orderId: z.string(),
  orderNumber: z.string(),
  buyerId: z.string().nullable(),
  lines: z.array(line).min(1),
});

/** An order was taken and its durable processing begins. Internal to orders. */
export const OrderSubmitted = defineEvent('order.submitted', { 1: { schema: orderLines.extend({ total: money }) } });

/** The point of no return: stock reserved, payment authorised. */
export const OrderConfirmed = defineEvent('order.confirmed', { 1: { schema: orderLines.extend({ total: money }) } });

/** The order ended without a sale; `reason` is the order's failure reason. */
export const OrderRejected = defineEvent('order.rejected', {
  1: { schema: z.object({ orderId: z.string(), reason: z.string() }) },
});

/** The whole order was called off; `lines` are those whose stock goes back. */
export const OrderCancelled = defineEvent('order.cancelled', { 1: { schema: orderLines.extend({ reason: z.string() }) } });

/** What was not sent yet of a partly sent order was called off; `lines` are those pieces, whose stock goes back. */
export const OrderRestCancelled = defineEvent('order.rest_cancelled', { 1: { schema: orderLines.extend({ reason: z.string() }) } });

/** A shipment arrived; `lines` are those it contained. */
export const OrderDelivered = defineEvent('order.delivered', {
  1: { schema: orderLines.extend({ deliveredAt: z.iso.datetime() }) },
});

/** Money went back; `lines` are what was refunded in full: of a return the pieces that came back, none for a goodwill refund. */
export const OrderRefunded = defineEvent('order.refunded', {
  1: { schema: orderLines.extend({ lines: z.array(line), amount: money }) },
});
