import { claimPromotions as claim, PromotionExhausted, unclaimPromotions } from '../../service/orders/redeem-promotions.ts';
import { done, refused, type Step } from '../workflow.ts';

/** Uses the codes of the order up, within their limits. */
export const claimPromotions: Step = {
  name: 'claim-promotions',
  async run({ deps, orderId }) {
    try {
      await claim(deps, orderId);
      return done;
    } catch (error) {
      if (!(error instanceof PromotionExhausted)) throw error;
      return refused({
        reason: 'PROMOTION_EXHAUSTED',
        message: `The code ${error.promotionCode} is used up: remove it and look at the total again.`,
      });
    }
  },
  compensate: ({ deps, orderId }) => unclaimPromotions(deps, orderId),
};
