import { expect, test } from 'vitest';
import { type PricingFacts, type PricingPromotion, price } from './pricing.ts';

const vat = { title: 'VAT 19 %', rate: '0.19' };
const facts = (change: Partial<PricingFacts>): PricingFacts => ({
  currency: 'EUR',
  lines: [],
  promotions: [],
  shippingMinor: null,
  taxOf: () => vat,
  ...change,
});
const line = (id: string, quantity: number, unitPriceMinor: number, taxCategory = 'standard') => ({
  id,
  quantity,
  unitPriceMinor,
  taxCategory,
});
const promotion = (change: Partial<PricingPromotion>): PricingPromotion => ({
  id: 'prm_1',
  code: 'CODE',
  title: 'Code',
  kind: 'PERCENT',
  percent: 10,
  amountMinor: null,
  currency: null,
  minimumMinor: 0,
  ...change,
});

test('tax is rounded once per line, not per piece', () => {
  // 19 % of 0.13 is 0.0247: per piece it would be 10 × 0.02 = 0.20.
  expect(price(facts({ lines: [line('a', 10, 13)] })).taxMinor).toBe(25);
});

test('an empty cart costs nothing', () => {
  expect(price(facts({ promotions: [promotion({})] }))).toMatchObject({
    subtotalMinor: 0,
    discountMinor: 0,
    taxMinor: 0,
    totalMinor: 0,
    taxLines: [],
  });
});

test('discounts never exceed the goods, and a free parcel takes off the parcel only', () => {
  const priced = price(
    facts({
      lines: [line('a', 1, 1_000)],
      shippingMinor: 490,
      promotions: [
        promotion({ kind: 'FIXED', amountMinor: 700 }),
        promotion({ id: 'prm_2', kind: 'FIXED', amountMinor: 700 }),
        promotion({ id: 'prm_3', kind: 'FREE_SHIPPING' }),
      ],
    }),
  );
  expect(priced.promotions.map(({ discountMinor }) => discountMinor)).toEqual([700, 300, 490]);
  expect(priced).toMatchObject({ discountMinor: 1_000, shippingMinor: 0, taxMinor: 0, totalMinor: 0 });
});

test('a promotion of another currency or below its minimum takes nothing off and says so', () => {
  const priced = price(
    facts({ lines: [line('a', 1, 1_000)], promotions: [promotion({ currency: 'JPY' }), promotion({ minimumMinor: 1_001 })] }),
  );
  expect(priced.promotions).toMatchObject([
    { applies: false, discountMinor: 0 },
    { applies: false, discountMinor: 0 },
  ]);
});

test('taxes are added up by rate', () => {
  const rates: Record<string, { title: string; rate: string }> = { standard: vat, reduced: { title: 'VAT 7 %', rate: '0.07' } };
  const priced = price(
    facts({
      lines: [line('a', 1, 1_000), line('b', 1, 1_000), line('c', 1, 1_000, 'reduced')],
      taxOf: (category) => rates[category] ?? null,
    }),
  );
  expect(priced.taxLines).toEqual([
    { ...vat, minor: 380 },
    { title: 'VAT 7 %', rate: '0.07', minor: 70 },
  ]);
});

test('the sum of the lines is the total, to the cent, over random carts', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`random carts: seed ${seed}\n`);
  const random = mulberry32(seed);
  const pick = (max: number) => Math.floor(random() * max);
  for (let round = 0; round < 3_000; round += 1) {
    const lines = Array.from({ length: pick(12) }, (_, index) =>
      line(`l${index}`, 1 + pick(99), pick(50_000), ['standard', 'reduced', 'zero'][pick(3)]),
    );
    const kinds = ['PERCENT', 'FIXED', 'FREE_SHIPPING'] as const;
    const promotions = Array.from({ length: pick(4) }, (_, index) =>
      promotion({ id: `p${index}`, kind: kinds[pick(3)] ?? 'FIXED', percent: 1 + pick(100), amountMinor: 1 + pick(100_000) }),
    );
    const rates: Record<string, string> = { standard: ['0.19', '0.2', '0.055', '0.0725'][pick(4)] ?? '0.19', reduced: '0.07' };
    const priced = price(
      facts({
        lines,
        promotions,
        shippingMinor: [null, 0, pick(3_000)][pick(3)] ?? null,
        taxOf: (category) => (rates[category] ? { title: category, rate: rates[category] } : null),
      }),
    );
    const lineTotals = priced.lines.reduce((total, { totalMinor }) => total + totalMinor, 0);
    expect(lineTotals + priced.shippingMinor, `round ${round}`).toBe(priced.totalMinor);
    expect(priced.lines.reduce((total, { discountMinor }) => total + discountMinor, 0)).toBe(priced.discountMinor);
    expect(priced.taxLines.reduce((total, { minor }) => total + minor, 0)).toBe(priced.taxMinor);
    expect(priced.lines.every((item) => item.discountMinor >= 0 && item.discountMinor <= item.unitPriceMinor * item.quantity)).toBe(true);
    expect(priced.shippingMinor).toBeGreaterThanOrEqual(0);
  }
});

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
