import { done } from '@app/workflow';
import { callTimeoutMs, type OrderStep } from './workflow.ts';

/** Gives back the stock that an order still holds: what was sent has left it. */
export const releaseStock: OrderStep = {
  name: 'release-stock',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId }) {
    await deps.inventory.release(orderId);
    return done();
  },
};
