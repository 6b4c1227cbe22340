import type { CurrentPrice } from '../domain/product.ts';

/** Description of every `currency` argument of a price. */
export const currencyDescription =
  "Currency to show; the shop's own when left out, and also when there is no price in the one asked for: look at the currency of the answer.";

/** The currencies to look in: the one asked for before the shop's own. */
export function wantedCurrencies(asked: string | null | undefined, fallback: string): string[] {
  return asked == null || asked === fallback ? [fallback] : [asked, fallback];
}

/** The first of the wanted currencies that there is a price in. */
export function preferred<Price extends Pick<CurrentPrice, 'currency'>>(prices: readonly Price[], wanted: readonly string[]): Price | null {
  for (const currency of wanted) {
    const price = prices.find((candidate) => candidate.currency === currency);
    if (price) return price;
  }
  return null;
}
