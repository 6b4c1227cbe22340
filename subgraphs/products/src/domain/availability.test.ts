import { expect, test } from 'vitest';
import { availabilityOf, crossedDown } from './availability.ts';

test.each([
  [0, false, 'OUT_OF_STOCK', false, 0],
  [0, true, 'BACKORDER', false, 0],
  [1, true, 'LOW_STOCK', true, 1],
  [5, false, 'LOW_STOCK', true, 5],
  [6, false, 'IN_STOCK', true, 6],
  [5_000, false, 'IN_STOCK', true, 10],
] as const)('%i free units (more expected: %s) read %s', (free, isExpected, state, purchasable, maxOrderQuantity) => {
  expect(availabilityOf(free, isExpected)).toEqual({ state, purchasable, maxOrderQuantity });
});

test.each([
  [6, 5, 'low'],
  [6, 0, 'depleted'],
  [3, 0, 'depleted'],
  [5, 4, null],
  [0, 0, null],
  [4, 9, null],
  [9, 6, null],
] as const)('from %i to %i free units crosses %s', (before, after, crossed) => {
  expect(crossedDown(before, after)).toBe(crossed);
});
