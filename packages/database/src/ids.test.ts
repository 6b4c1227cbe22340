import { expect, test } from 'vitest';
import { isId, newId } from './ids.ts';

test('ids carry their kind, version and variant, and sort by time', () => {
  const early = newId('prd', 1_000);
  const late = newId('prd', 2_000);
  expect(early).toMatch(/^prd_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(early < late).toBe(true);
});

test('the same time and randomness give the same id', () => {
  expect(newId('ord', 5, new Uint8Array(10))).toBe('ord_00000000000570008000000000000000');
});

test.each(['prd_1', 'ord_00000000000570008000000000000000', 'prd_0000000000057000800000000000000G', '', null, 7])(
  '%s is not the id of a product',
  (value) => {
    expect(isId('prd', value)).toBe(false);
  },
);

test('a new id is recognised as what it is', () => {
  expect(isId('prd', newId('prd'))).toBe(true);
});
