import { allocate, applyRate } from '@app/money';

/** A line to price. */
export interface PricingLine {
  readonly id: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly taxCategory: string;
}

/** A promotion that is valid now; whether it applies to these goods is decided here. */
export interface PricingPromotion {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly kind: 'PERCENT' | 'FIXED' | 'FREE_SHIPPING';
  readonly percent: number | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly minimumMinor: number;
}

/** A tax rate as an exact decimal. */
export interface TaxRate {
  readonly title: string;
  readonly rate: string;
}

/** Everything a price depends on. */
export interface PricingFacts {
  readonly currency: string;
  readonly lines: readonly PricingLine[];
  readonly promotions: readonly PricingPromotion[];
  /** Price of the chosen shipping method; null while none is chosen. */
  readonly shippingMinor: number | null;
  /** Tax of a category; null while no country is known. */
  readonly taxOf: (category: string) => TaxRate | null;
}

export interface PricedLine extends PricingLine {
  readonly discountMinor: number;
  readonly taxMinor: number;
  readonly taxRate: TaxRate | null;
  readonly totalMinor: number;
}

export interface PricedPromotion {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly discountMinor: number;
  /** False when currency or minimum keep it from applying. */
  readonly applies: boolean;
}

export interface PricedTax extends TaxRate {
  readonly minor: number;
}

/** The priced goods: `total = subtotal − discount + shipping + tax` and `total − shipping = Σ line totals`. */
export interface Priced {
  readonly lines: readonly PricedLine[];
  readonly promotions: readonly PricedPromotion[];
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly taxLines: readonly PricedTax[];
}

/**
 * Prices goods. Order discounts are spread over the lines by largest remainder, tax is rounded once per line, so that
 * the sum of the lines is the total to the cent. Prices are without tax; shipping is untaxed.
 */
export function price(facts: PricingFacts): Priced {
  const subtotals = facts.lines.map((line) => line.unitPriceMinor * line.quantity);
  const subtotalMinor = sum(subtotals);
  const promotions = discounts(facts, subtotalMinor);
  const discountMinor = sum(promotions.filter(({ isFreight }) => !isFreight).map((promotion) => promotion.discountMinor));
  const shares = facts.lines.length === 0 ? [] : allocate(discountMinor, subtotals);
  const lines = facts.lines.map((line, index) => priceLine(line, subtotals[index] ?? 0, shares[index] ?? 0, facts.taxOf(line.taxCategory)));
  const freightOff = sum(promotions.filter(({ isFreight }) => isFreight).map((promotion) => promotion.discountMinor));
  const shippingMinor = (facts.shippingMinor ?? 0) - freightOff;
  const taxMinor = sum(lines.map((line) => line.taxMinor));
  return {
    lines,
    promotions: promotions.map(({ isFreight: _, ...promotion }) => promotion),
    subtotalMinor,
    discountMinor,
    shippingMinor,
    taxMinor,
    totalMinor: subtotalMinor - discountMinor + shippingMinor + taxMinor,
    taxLines: taxLines(lines),
  };
}

function priceLine(line: PricingLine, subtotal: number, discountMinor: number, taxRate: TaxRate | null): PricedLine {
  const net = subtotal - discountMinor;
  const taxMinor = taxRate === null ? 0 : applyRate(net, taxRate.rate);
  return { ...line, discountMinor, taxMinor, taxRate, totalMinor: net + taxMinor };
}

/** What each promotion takes off, in the order they were applied; together never more than there is. */
function discounts(facts: PricingFacts, subtotalMinor: number): (PricedPromotion & { isFreight: boolean })[] {
  let goodsLeft = subtotalMinor;
  let freightLeft = facts.shippingMinor ?? 0;
  return facts.promotions.map((promotion) => {
    const { id, code, title, kind } = promotion;
    const isFreight = kind === 'FREE_SHIPPING';
    const applies = promotionApplies(promotion, facts.currency, subtotalMinor);
    const wanted = !applies ? 0 : isFreight ? freightLeft : goodsDiscount(promotion, subtotalMinor);
    const discountMinor = Math.min(wanted, isFreight ? freightLeft : goodsLeft);
    if (isFreight) freightLeft -= discountMinor;
    else goodsLeft -= discountMinor;
    return { id, code, title, discountMinor, applies, isFreight };
  });
}

/** Whether currency and minimum let a promotion apply. */
export function promotionApplies(promotion: PricingPromotion, currency: string, subtotalMinor: number): boolean {
  return (promotion.currency === null || promotion.currency === currency) && subtotalMinor >= promotion.minimumMinor;
}

function goodsDiscount(promotion: PricingPromotion, subtotalMinor: number): number {
  if (promotion.kind === 'PERCENT') return applyRate(subtotalMinor, ((promotion.percent ?? 0) / 100).toFixed(2));
  return promotion.amountMinor ?? 0;
}

function taxLines(lines: readonly PricedLine[]): PricedTax[] {
  const byTitle = new Map<string, PricedTax>();
  for (const { taxRate, taxMinor } of lines) {
    if (taxRate === null) continue;
    const known = byTitle.get(taxRate.title);
    byTitle.set(taxRate.title, { ...taxRate, minor: (known?.minor ?? 0) + taxMinor });
  }
  return [...byTitle.values()];
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
