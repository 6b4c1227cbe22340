import { type PriceRow, type SeedCurrency, seedCurrencies } from './rows.ts';

/** Units of each currency for one euro, frozen with the demo. */
const perEuro: Readonly<Record<SeedCurrency, number>> = { EUR: 1, USD: 1.1, GBP: 0.86, JPY: 165 };

/**
 * A price as a shop would print it, in minor units: small prices end in .90, larger ones are whole,
 * the largest end in 5 or 9, yen in tens or hundreds.
 */
export function shelfPrice(euro: number, currency: SeedCurrency): number {
  const amount = euro * perEuro[currency];
  if (currency === 'JPY') return amount < 10_000 ? roundTo(amount, 10) : roundTo(amount, 100);
  if (amount < 20) return (Math.max(2, Math.round(amount)) - 1) * 100 + 90;
  if (amount < 150) return Math.round(amount) * 100;
  return (roundTo(amount, 10) - (roundTo(amount, 10) % 20 === 0 ? 1 : 5)) * 100;
}

/** One price per currency; `discount` between 0 and 1 puts the old price beside the new one. */
export function shelfPrices(euro: number, discount: number): PriceRow[] {
  return seedCurrencies.map((currency) => ({
    currency,
    minor: shelfPrice(euro * (1 - discount), currency),
    compareAtMinor: discount > 0 ? shelfPrice(euro, currency) : null,
  }));
}

function roundTo(amount: number, step: number): number {
  return Math.max(step, Math.round(amount / step) * step);
}
