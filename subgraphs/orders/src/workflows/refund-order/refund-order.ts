import { performMove } from '../../service/payments/move-money.ts';
import { done, type Step, type Workflow } from '../workflow.ts';

const refund: Step = {
  name: 'refund',
  async run({ deps, input }) {
    const key = input.moveKey ?? '';
    if ((await performMove(deps, key)).kind === 'unknown') throw new Error(`the outcome of the refund ${key} is not known yet`);
    return done;
  },
};

/** The pieces came back whatever became of the money. */
const restock: Step = {
  name: 'restock',
  async run({ deps, orderId, input }) {
    if (input.restock?.length) await deps.inventory.restock(orderId, input.moveKey ?? '', input.restock);
    return done;
  },
};

/** What follows when money is given back by hand. Nothing of it can be refused: each step is repeated until it works. */
export const refundOrder: Workflow = {
  name: 'refund-order',
  steps: [refund, restock],
  pivot: null,
  patienceMs: null,
  onRefused: () => Promise.resolve(),
};
