import { loadReturn, refundReturn } from '../../service/orders/receive-return.ts';
import { done, type Step, type Workflow } from '../workflow.ts';

const restock: Step = {
  name: 'restock',
  async run({ deps, orderId, input }) {
    const { return: found, lines } = await loadReturn(deps, orderId, input.returnId ?? '');
    await deps.inventory.restock(orderId, found.id, lines);
    return done;
  },
};

const refund: Step = {
  name: 'refund',
  async run({ deps, orderId, input }) {
    await refundReturn(deps, orderId, await loadReturn(deps, orderId, input.returnId ?? ''));
    return done;
  },
};

/** What follows when returned goods arrived. Nothing of it can be refused: each step is repeated until it works. */
export const receiveReturn: Workflow = {
  name: 'receive-return',
  steps: [restock, refund],
  pivot: null,
  patienceMs: null,
  onRefused: () => Promise.resolve(),
};
