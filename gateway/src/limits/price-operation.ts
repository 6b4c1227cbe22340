import { AppError } from '@app/errors';
import { checkedOf, type Stage } from '../operation/request-state.ts';

/** Limits on what an operation may ask for with its variables. */
export interface PriceLimits {
  readonly maxCost: number;
  readonly maxPageSize: number;
}

/** Works out what the operation costs, and refuses pages and operations that are too large. */
export function priceOperation(limits: PriceLimits, onPriced: (cost: number) => void): Stage {
  return (state) => {
    const { cost, pages } = checkedOf(state).price(state.coercedVariables ?? {});
    const large = pages.find((page) => page.size > limits.maxPageSize);
    if (large) {
      const text = `${large.argument} of ${large.field} is ${large.size}: at most ${limits.maxPageSize} are allowed.`;
      throw new AppError('LIMIT_EXCEEDED', text, { details: { limit: 'maxPageSize', allowed: limits.maxPageSize } });
    }
    onPriced(cost);
    state.request.cost = cost;
    if (cost <= limits.maxCost) return;
    throw new AppError('COST_EXCEEDED', undefined, { details: { cost, allowed: limits.maxCost } });
  };
}
