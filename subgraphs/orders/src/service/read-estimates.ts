import { shippingRatesFor } from '../data/rate-card.ts';
import type { ShippingRate } from '../domain/shipping.ts';
import type { Deps } from './deps.ts';

/** Rates of each country, with those for every other country. */
export async function readShippingRates(deps: Deps, countries: readonly string[]): Promise<ShippingRate[][]> {
  const rates = await shippingRatesFor(deps.db, countries);
  return countries.map((country) => rates.filter((rate) => rate.country === country || rate.country === '*'));
}
