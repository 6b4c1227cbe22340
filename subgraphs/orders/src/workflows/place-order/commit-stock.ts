import { done } from '@app/workflow';
import { findOrderLines, loadOrder } from '../../data/order-rows.ts';
import { callTimeoutMs, type OrderStep } from '../workflow.ts';
import { stockHoldSeconds } from './reserve-stock.ts';

/** Makes the hold permanent. After the pivot there is no way back: a hold that lapsed is taken anew, until it works. */
export const commitStock: OrderStep = {
  name: 'commit-stock',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId }) {
    if ((await loadOrder(deps.db, orderId)).status === 'CANCELLED') return done();
    if (await deps.inventory.commit(orderId)) return done();
    const lines = await findOrderLines(deps.db, [orderId]);
    const shortages = await deps.inventory.reserve(orderId, lines, stockHoldSeconds);
    if (shortages.length > 0) throw new Error(`the hold of ${orderId} lapsed and there is no stock to take it anew`);
    if (!(await deps.inventory.commit(orderId))) throw new Error(`the hold of ${orderId} cannot be made permanent`);
    return done();
  },
};
