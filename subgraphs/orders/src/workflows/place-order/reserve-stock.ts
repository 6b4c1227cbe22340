import { done, refused } from '@app/workflow';
import { findOrderLines } from '../../data/order-rows.ts';
import { callTimeoutMs, type OrderContext, type OrderStep } from '../workflow.ts';

/** Longer than a customer has to confirm a payment. */
export const stockHoldSeconds = 20 * 60;

/** Holds the stock of all lines, or of none. */
export const reserveStock: OrderStep = {
  name: 'reserve-stock',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId }: OrderContext) {
    const lines = await findOrderLines(deps.db, [orderId]);
    const shortages = await deps.inventory.reserve(orderId, lines, stockHoldSeconds);
    if (shortages.length === 0) return done();
    const variantIds = shortages.map((shortage) => shortage.variantId);
    return refused({ reason: 'OUT_OF_STOCK', message: 'Some of it is sold out: lower the quantity or remove it.', variantIds });
  },
  compensate: ({ deps, subject: orderId }) => deps.inventory.release(orderId),
};
