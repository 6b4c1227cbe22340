import { expect, test } from 'vitest';
import { amountDue, costOf, costOfReturn } from './amount-due.ts';

const line = { quantity: 3, cancelledQuantity: 0, totalMinor: 1_000 };

test('pieces one by one cost what the line does', () => {
  const shares = [1, 2, 3].map((pieces) => costOf(line, pieces) - costOf(line, pieces - 1));
  expect(shares).toEqual([333, 333, 334]);
});

test('what comes back in parts gives back what the line cost', () => {
  const shares = [0, 1, 2].map((returnedQuantity) => costOfReturn({ ...line, returnedQuantity }, 1));
  expect(shares).toEqual([333, 333, 334]);
});

test.each<[number, number]>([
  [0, 1_490],
  [1, 490 + 666],
  [3, 490],
])('with %i of three pieces called off the order costs %i', (cancelledQuantity, due) => {
  expect(amountDue({ shippingMinor: 490 }, [{ ...line, cancelledQuantity }])).toBe(due);
});
