import { expect, test } from 'vitest';
import { allocate, applyRate, isCurrencyCode, money, multiplyMoney, subtractMoney, sumMoney, toDecimal } from './index.ts';

test.each([
  [1290, 'EUR', '12.90'],
  [5, 'EUR', '0.05'],
  [-5, 'EUR', '-0.05'],
  [0, 'USD', '0.00'],
  [1290, 'JPY', '1290'],
  [1290, 'KWD', '1.290'],
])('%d minor units of %s are written %s', (minor, currency, text) => {
  expect(toDecimal(money(minor, currency))).toBe(text);
});

test('amounts of one currency add, subtract and multiply', () => {
  const price = money(995, 'EUR');
  expect(sumMoney([price, price], 'EUR')).toEqual(money(1990, 'EUR'));
  expect(sumMoney([], 'EUR')).toEqual(money(0, 'EUR'));
  expect(subtractMoney(price, money(1000, 'EUR'))).toEqual(money(-5, 'EUR'));
  expect(multiplyMoney(price, 3)).toEqual(money(2985, 'EUR'));
});

test('mixed currencies, fractions and unsafe numbers are refused by name', () => {
  expect(() => sumMoney([money(1, 'USD')], 'EUR')).toThrow('cannot mix USD with EUR');
  expect(() => money(1.5, 'EUR')).toThrow('minor must be a safe integer, was 1.5');
  expect(() => money(2 ** 53, 'EUR')).toThrow(RangeError);
  expect(() => money(1, 'eur')).toThrow('currency must be an ISO 4217 code, was eur');
  expect(isCurrencyCode(undefined)).toBe(false);
});

test.each([
  [1000, '0.19', 190],
  [50, '0.01', 1],
  [49, '0.01', 0],
  [-50, '0.01', -1],
  [10, '2', 20],
])('%d at rate %s is %d, rounded half away from zero', (minor, rate, result) => {
  expect(applyRate(minor, rate)).toBe(result);
});

test.each(['', '.5', '1e3', 'NaN', '0.1234567890'])('rate %s is refused', (rate) => {
  expect(() => applyRate(1, rate)).toThrow(RangeError);
});

test('a result beyond safe integers is refused', () => {
  expect(() => applyRate(Number.MAX_SAFE_INTEGER, '3')).toThrow('too large');
});

test('parts of an allocation are near their share and always add up', () => {
  let seed = 20_261_120;
  const random = (max: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed % max;
  };
  for (let round = 0; round < 2_000; round += 1) {
    const weights = Array.from({ length: 1 + random(8) }, () => random(1_000));
    const total = random(20_000) - 10_000;
    const parts = allocate(total, weights);
    expect(parts.reduce((left, right) => left + right, 0)).toBe(total);
    const sum = weights.reduce((left, right) => left + right, 0);
    for (const [index, part] of sum > 0 ? parts.entries() : [])
      expect(Math.abs(part - (total * (weights[index] ?? 0)) / sum)).toBeLessThan(1);
  }
});

test('allocation edge cases', () => {
  expect(allocate(10, [1, 1, 1])).toEqual([4, 3, 3]);
  expect(allocate(10, [0, 0])).toEqual([10, 0]);
  expect(allocate(0, [])).toEqual([]);
  expect(() => allocate(1, [])).toThrow('nothing to allocate to');
  expect(() => allocate(1, [-1, 2])).toThrow(RangeError);
});
