import { InputCheck } from '@app/subgraph';
import type { SelectedOption } from '../domain/product.ts';
import type { VariantDraft } from '../domain/product-draft.ts';

/** A variant's facts, checked. */
export interface CheckedVariant {
  readonly id: string | null;
  readonly sku: string;
  readonly title: string | null;
  readonly prices: readonly { readonly minor: number; readonly currency: string }[];
  readonly options: readonly SelectedOption[];
  readonly weightGrams: number | null;
}

const skuPattern = { regex: /^[A-Za-z0-9][A-Za-z0-9._-]*$/, hint: 'Use letters, digits, points, hyphens and underscores.' };

/**
 * Checks all variants of a product together: each SKU once, the same choices in each, no two the same, and a price in the
 * shop's currency in each. @throws {UserFault} with everything that is wrong.
 */
export function checkVariants(drafts: readonly VariantDraft[], defaultCurrency: string): CheckedVariant[] {
  const check = new InputCheck();
  check.list(drafts, ['variants'], { min: 0, max: 200 });
  const variants = drafts.slice(0, 200).map((draft, index) => checkVariant(check, draft, index, defaultCurrency));
  once(check, variants, 'sku', ({ sku }) => sku);
  once(check, variants, 'id', ({ id }) => id);
  once(check, variants, 'options', ({ options }) => JSON.stringify(options.map(({ name, value }) => [name, value])));
  const names = namesOf(variants[0]);
  for (const [index, variant] of variants.entries()) {
    const isSame = namesOf(variant) === names;
    check.require(isSame, ['variants', index, 'options'], 'OPTIONS_DIFFER', 'Every variant names the same choices in the same order.');
  }
  check.finish();
  return variants;
}

function checkVariant(check: InputCheck, draft: VariantDraft, index: number, defaultCurrency: string): CheckedVariant {
  const path = ['variants', index];
  const { prices, options, weightGrams } = draft;
  check.list(prices, [...path, 'prices'], { max: 50 });
  check.list(options, [...path, 'options'], { min: 0, max: 5 });
  for (const [at, { minor }] of prices.entries())
    check.integer(minor, [...path, 'prices', at, 'minor'], { min: 0, max: 1_000_000_000_000 });
  const currencies = prices.map(({ currency }) => currency);
  check.require(new Set(currencies).size === currencies.length, [...path, 'prices'], 'DUPLICATE', 'One price per currency.');
  check.require(
    currencies.includes(defaultCurrency),
    [...path, 'prices'],
    'REQUIRED',
    `Give a price in ${defaultCurrency}, the shop's currency.`,
  );
  if (weightGrams != null) check.integer(weightGrams, [...path, 'weightGrams'], { min: 0, max: 100_000_000 });
  const chosen = options.map(({ name, value }, at) => ({
    name: check.text(name, [...path, 'options', at, 'name'], { max: 50 }),
    value: check.text(value, [...path, 'options', at, 'value'], { max: 100 }),
  }));
  const names = chosen.map(({ name }) => name);
  check.require(new Set(names).size === names.length, [...path, 'options'], 'DUPLICATE', 'Each choice once.');
  return {
    id: draft.id ?? null,
    sku: check.text(draft.sku, [...path, 'sku'], { max: 64, pattern: skuPattern }),
    title: check.optionalText(draft.title, [...path, 'title'], { max: 200 }),
    prices,
    options: chosen,
    weightGrams: weightGrams ?? null,
  };
}

/** Tells of values that an earlier variant has already; null is none. */
function once(
  check: InputCheck,
  variants: readonly CheckedVariant[],
  field: string,
  read: (variant: CheckedVariant) => string | null,
): void {
  const seen = new Set<string>();
  for (const [index, variant] of variants.entries()) {
    const value = read(variant);
    if (value === null) continue;
    check.require(!seen.has(value), ['variants', index, field], 'DUPLICATE', 'An earlier variant has the same.');
    seen.add(value);
  }
}

function namesOf(variant: CheckedVariant | undefined): string {
  return JSON.stringify(variant?.options.map(({ name }) => name) ?? []);
}
