import { allocate, applyRate } from '@app/money';
import type { SeedCurrency, VariantRow } from '../catalogue/rows.ts';

interface TaxRates {
  readonly name: string;
  readonly standard: string;
  readonly reduced: string;
}

/** VAT, sales or consumption tax by country; orders keep the rate they were placed with. */
const taxRates: Readonly<Record<string, TaxRates>> = {
  DE: { name: 'MwSt.', standard: '0.19', reduced: '0.07' },
  FR: { name: 'TVA', standard: '0.20', reduced: '0.055' },
  NL: { name: 'btw', standard: '0.21', reduced: '0.09' },
  ES: { name: 'IVA', standard: '0.21', reduced: '0.10' },
  GB: { name: 'VAT', standard: '0.20', reduced: '0.05' },
  US: { name: 'Sales tax', standard: '0.07', reduced: '0.02' },
  JP: { name: 'Consumption tax', standard: '0.10', reduced: '0.08' },
};

/** What the tax is called on an invoice, such as "VAT 20 %". */
export function taxTitle(countryCode: string, rate: string): string {
  return `${ratesOf(countryCode).name} ${Number((Number(rate) * 100).toFixed(2))} %`;
}

/** Tax rate as a decimal string. @throws {RangeError} for a country the shop does not deliver to. */
export function taxRateFor(countryCode: string, taxCategory: 'standard' | 'reduced'): string {
  return ratesOf(countryCode)[taxCategory];
}

function ratesOf(countryCode: string): TaxRates {
  const rates = taxRates[countryCode];
  if (!rates) throw new RangeError(`no tax rate for ${countryCode}`);
  return rates;
}

export interface Pick {
  readonly variant: VariantRow;
  readonly title: string;
  readonly productId: string;
  readonly quantity: number;
}

export interface PricedLine extends Pick {
  readonly unitPrice: number;
  readonly discount: number;
  readonly taxRate: string;
  readonly tax: number;
  readonly total: number;
}

/**
 * Prices the lines: an order discount is spread by largest remainder, tax is rounded once per line,
 * so that the lines add up to the total exactly.
 */
export function priceLines(
  picks: readonly Pick[],
  options: { currency: SeedCurrency; countryCode: string; percentOff: number },
): PricedLine[] {
  const amounts = picks.map(({ variant, quantity }) => priceIn(variant, options.currency) * quantity);
  const subtotal = amounts.reduce((sum, amount) => sum + amount, 0);
  const discounts = allocate(Math.floor((subtotal * options.percentOff) / 100), amounts);
  return picks.map((pick, index) => {
    const discount = discounts[index] ?? 0;
    const net = (amounts[index] ?? 0) - discount;
    const taxRate = taxRateFor(options.countryCode, pick.variant.taxCategory);
    const tax = applyRate(net, taxRate);
    return { ...pick, unitPrice: priceIn(pick.variant, options.currency), discount, taxRate, tax, total: net + tax };
  });
}

/** The variant's price in one currency, minor units. */
export function priceIn(variant: VariantRow, currency: SeedCurrency): number {
  const price = variant.prices.find((candidate) => candidate.currency === currency);
  if (!price) throw new RangeError(`${variant.sku} has no price in ${currency}`);
  return price.minor;
}
