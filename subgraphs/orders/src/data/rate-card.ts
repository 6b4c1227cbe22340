import type { TaxRate } from '../domain/pricing.ts';
import type { ShippingRate } from '../domain/shipping.ts';
import { minor, type Queryable } from './database.ts';

/** Rates of several countries and of `*`. */
export async function shippingRatesFor(db: Queryable, countries: readonly string[]): Promise<ShippingRate[]> {
  const rows = await db.shippingRate.findMany({ where: { country: { in: [...countries, '*'] } } });
  return rows.map((row) => ({ ...row, priceMinor: minor(row.priceMinor) }));
}

/** Tax by category in a country. Where the country has no row for a category, that of `*` holds, else there is no tax. */
export async function taxRatesFor(db: Queryable, country: string): Promise<ReadonlyMap<string, TaxRate>> {
  const rows = await db.taxRate.findMany({ where: { country: { in: [country, '*'] } } });
  const ordered = [...rows].sort((left, right) => Number(right.country === '*') - Number(left.country === '*'));
  return new Map(ordered.map(({ category, title, rate }) => [category, { title, rate }]));
}
