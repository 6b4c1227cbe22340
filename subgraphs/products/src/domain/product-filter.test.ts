import { expect, test } from 'vitest';
import { productStatuses } from './product.ts';
import { filterProblem, toCriteria } from './product-filter.ts';

const customer = { visible: ['ACTIVE'], defaultCurrency: 'EUR' } as const;
const staff = { visible: productStatuses, defaultCurrency: 'EUR' } as const;

test('without a filter everybody sees what is on sale', () => {
  expect(toCriteria({}, customer)).toMatchObject({ statuses: ['ACTIVE'], brands: null, attributes: [], sortCurrency: 'EUR' });
  expect(toCriteria({}, staff).statuses).toEqual(['ACTIVE']);
});

test('drafts and archived products are there for those who may see them', () => {
  expect(toCriteria({ status: ['DRAFT', 'ACTIVE'] }, staff).statuses).toEqual(['DRAFT', 'ACTIVE']);
  expect(toCriteria({ status: ['DRAFT', 'ACTIVE'] }, customer).statuses).toEqual(['ACTIVE']);
  expect(toCriteria({ status: ['DRAFT'] }, customer).statuses).toEqual([]);
});

test('a list sorted by price is sorted in the currency of its filter', () => {
  expect(toCriteria({ price: { currency: 'JPY', minMinor: 1 } }, customer)).toMatchObject({
    sortCurrency: 'JPY',
    price: { minMinor: 1, maxMinor: null },
  });
});

test.each([
  [{ brands: Array.from({ length: 51 }, () => 'x') }, 'at most 50'],
  [{ attributes: [{ key: 'a', anyOf: Array.from({ length: 51 }, () => 'x') }] }, 'at most 50'],
  [{ brands: ['x'.repeat(201)] }, 'at most 200'],
  [{ categoryIds: ['a\u0000'] }, 'U+0000'],
  [{ attributes: [{ key: 'a', anyOf: ['\ud800'] }] }, 'U+0000'],
  [{ attributes: ['a', 'a'].map((key) => ({ key, anyOf: [] })) }, 'each key once'],
  [{ minRating: -1 }, 'minRating'],
  [{ minRating: Number.NaN }, 'minRating'],
])('%j is refused', (filter, reason) => {
  expect(filterProblem(filter)).toContain(reason);
});

test('a filter with everything is fine', () => {
  const filter = {
    categoryIds: ['a'],
    collectionIds: [],
    brands: ['b'],
    minRating: 4.5,
    inStock: true,
    attributes: [{ key: 'a', anyOf: ['x'] }],
  };
  expect(filterProblem(filter)).toBeNull();
});
