import { done } from '@app/workflow';
import { giveBackMoney } from '../../service/orders/give-back-money.ts';
import { unclaimPromotions } from '../../service/orders/redeem-promotions.ts';
import { releaseStock } from '../release-stock.ts';
import { callTimeoutMs, defineOrderWorkflow, type OrderStep } from '../workflow.ts';

const unclaim: OrderStep = {
  name: 'unclaim-promotions',
  async run({ deps, subject: orderId }) {
    await unclaimPromotions(deps, orderId);
    return done();
  },
};

const giveBack: OrderStep = {
  name: 'give-back-money',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId }) {
    await giveBackMoney(deps, orderId);
    return done();
  },
};

/** What follows when an order was called off. Nothing of it can be refused: each step is repeated until it works. */
export const cancelOrder = defineOrderWorkflow({
  name: 'cancel-order',
  version: 1,
  steps: [releaseStock, unclaim, giveBack],
  pivot: null,
});
