import { done } from '@app/workflow';
import { completeMove } from '../../service/payments/move-money.ts';
import { callTimeoutMs, defineOrderWorkflow, type OrderStep } from '../workflow.ts';

const refund: OrderStep = {
  name: 'refund',
  timeoutMs: callTimeoutMs,
  async run({ deps, input }) {
    await completeMove(deps, input.moveKey ?? '');
    return done();
  },
};

/** The pieces came back whatever became of the money. */
const restock: OrderStep = {
  name: 'restock',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId, input }) {
    if (input.restock?.length) await deps.inventory.restock(orderId, input.moveKey ?? '', input.restock);
    return done();
  },
};

/** What follows when money is given back by hand. Nothing of it can be refused: each step is repeated until it works. */
export const refundOrder = defineOrderWorkflow({
  name: 'refund-order',
  version: 1,
  steps: [refund, restock],
  pivot: null,
});
