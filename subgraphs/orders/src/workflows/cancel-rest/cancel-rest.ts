import { done } from '@app/workflow';
import { giveBackRest } from '../../service/orders/give-back-rest.ts';
import { takeMoney } from '../../service/orders/take-money.ts';
import { releaseStock } from '../release-stock.ts';
import { callTimeoutMs, defineOrderWorkflow, type OrderStep } from '../workflow.ts';

/** The last parcel left without knowing that it was the last one. */
const takeWhatIsDue: OrderStep = {
  name: 'take-what-is-due',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId }) {
    await takeMoney(deps, orderId, { key: `${orderId}:rest-capture`, shareMinor: 0 });
    return done();
  },
};

const giveBack: OrderStep = {
  name: 'give-back-money',
  timeoutMs: callTimeoutMs,
  async run({ deps, subject: orderId }) {
    await giveBackRest(deps, orderId);
    return done();
  },
};

/** What follows when the rest of a partly sent order was called off. Nothing of it can be refused: each step is repeated until it works. */
export const cancelRest = defineOrderWorkflow({
  name: 'cancel-rest',
  version: 1,
  steps: [releaseStock, takeWhatIsDue, giveBack],
  pivot: null,
});
