import { done, refused } from '@app/workflow';
import { claimPromotions as claim, PromotionExhausted, unclaimPromotions } from '../../service/orders/redeem-promotions.ts';
import type { OrderStep } from '../workflow.ts';

/** Uses the codes of the order up, within their limits. */
export const claimPromotions: OrderStep = {
  name: 'claim-promotions',
  async run({ deps, subject: orderId }) {
    try {
      await claim(deps, orderId);
      return done();
    } catch (error) {
      if (!(error instanceof PromotionExhausted)) throw error;
      return refused({
        reason: 'PROMOTION_EXHAUSTED',
        message: `The code ${error.promotionCode} is used up: remove it and look at the total again.`,
      });
    }
  },
  compensate: ({ deps, subject: orderId }) => unclaimPromotions(deps, orderId),
};
