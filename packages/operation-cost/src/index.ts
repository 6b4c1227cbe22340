export { type CostModel, type ListSize, readCostModel } from './cost-model.ts';
export { compilePrice, type Price, type PriceTag, type PricingInput } from './operation-cost.ts';
