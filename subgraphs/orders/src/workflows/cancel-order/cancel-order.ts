import { giveBackMoney } from '../../service/orders/give-back-money.ts';
import { unclaimPromotions } from '../../service/orders/redeem-promotions.ts';
import { done, type Step, type Workflow } from '../workflow.ts';

const releaseStock: Step = {
  name: 'release-stock',
  async run({ deps, orderId }) {
    await deps.inventory.release(orderId);
    return done;
  },
};

const unclaim: Step = {
  name: 'unclaim-promotions',
  async run({ deps, orderId }) {
    await unclaimPromotions(deps, orderId);
    return done;
  },
};

const giveBack: Step = {
  name: 'give-back-money',
  async run({ deps, orderId }) {
    await giveBackMoney(deps, orderId);
    return done;
  },
};

/** What follows when an order was called off. Nothing of it can be refused: each step is repeated until it works. */
export const cancelOrder: Workflow = {
  name: 'cancel-order',
  steps: [releaseStock, unclaim, giveBack],
  pivot: null,
  patienceMs: null,
  onRefused: () => Promise.resolve(),
};
