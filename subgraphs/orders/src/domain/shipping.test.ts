import { expect, test } from 'vitest';
import { type ShippingRate, sameMethod, shippingChoices } from './shipping.ts';

const rate = (id: string, country: string, methodName: string, maxGrams: number, priceMinor: number, currency = 'EUR'): ShippingRate => ({
  id,
  country,
  methodName,
  currency,
  maxGrams,
  priceMinor,
  minDays: 1,
  maxDays: 3,
});
const rates = [
  rate('a', 'DE', 'Standard', 2_000, 490),
  rate('b', 'DE', 'Standard', 10_000, 790),
  rate('c', 'DE', 'Express', 2_000, 390),
  rate('d', '*', 'Standard', 2_000, 2_490),
  rate('e', 'DE', 'Standard', 2_000, 800, 'JPY'),
];
const now = new Date('2026-01-01T00:00:00Z');
const ids = (country: string, grams: number, currency = 'EUR') =>
  shippingChoices(rates, { country, currency, grams, now }).map(({ id }) => id);

test('of each method the lightest rate that carries the weight, cheapest first', () => {
  expect(ids('DE', 2_000)).toEqual(['c', 'a']);
  expect(ids('DE', 2_001)).toEqual(['b']);
  expect(ids('DE', 10_001)).toEqual([]);
  expect(ids('DE', 1, 'JPY')).toEqual(['e']);
});

test('a country without rates of its own has those of everywhere', () => {
  expect(ids('NZ', 1)).toEqual(['d']);
});

test('a parcel that became heavier keeps its method', () => {
  const heavier = shippingChoices(rates, { country: 'DE', currency: 'EUR', grams: 5_000, now });
  expect(sameMethod(rates, heavier, 'a')?.id).toBe('b');
  expect(sameMethod(rates, heavier, 'c')).toBeNull();
  expect(sameMethod(rates, heavier, null)).toBeNull();
});
