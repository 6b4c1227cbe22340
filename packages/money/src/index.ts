export { currencyExponent, isCurrencyCode } from './currency.ts';
export { type Money, money, multiplyMoney, subtractMoney, sumMoney, toDecimal } from './money.ts';
export { allocate, applyRate } from './rate.ts';
