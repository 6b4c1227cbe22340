import { done } from '@app/workflow';
import { loadReturn, refundReturn } from '../../service/orders/receive-return.ts';
import { callTimeoutMs, defineOrderWorkflow, type OrderStep } from '../workflow.ts';

const restock: OrderStep = {
  name: 'restock',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId, input }) {
    const { return: found, lines } = await loadReturn(deps, orderId, input.returnId ?? '');
    await deps.inventory.restock(orderId, found.id, lines);
    return done();
  },
};

const refund: OrderStep = {
  name: 'refund',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId, input }) {
    await refundReturn(deps, orderId, await loadReturn(deps, orderId, input.returnId ?? ''));
    return done();
  },
};

/** What follows when returned goods arrived. Nothing of it can be refused: each step is repeated until it works. */
export const receiveReturn = defineOrderWorkflow({
  name: 'receive-return',
  version: 1,
  steps: [restock, refund],
  pivot: null,
});
