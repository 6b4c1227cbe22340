import { expect, test } from 'vitest';
import { labelOf } from './product-draft.ts';
import { slugForm, slugOf } from './slug.ts';

test.each([
  ['Große Übergröße!', 'grosse-ubergrosse'],
  ['  Café — au lait  ', 'cafe-au-lait'],
  ['椅子', 'product'],
  ['---', 'product'],
  [`${'x'.repeat(79)} yyy`, 'x'.repeat(79)],
])('%j becomes %s', (title, slug) => {
  expect(slugOf(title, 'product')).toBe(slug);
  expect(slug).toMatch(slugForm);
});

test('a new attribute key gets a readable label', () => {
  expect(labelOf('made-in_country')).toBe('Made in country');
});
