import { expect, test } from 'vitest';
import { sumLines } from './order-lines.ts';

const isKnown = (id: string): boolean => id.startsWith('v');
const line = (variantId: string, quantity: number) => ({ variantId, quantity });

test('lines of one variant are added up, and all come in the order in which stock is locked', () => {
  expect(sumLines([line('v2', 1), line('v1', 2), line('v2', 3)], isKnown)).toEqual([line('v1', 2), line('v2', 4)]);
});

test.each([
  ['none', []],
  ['too many', Array.from({ length: 501 }, (_, n) => line(`v${n}`, 1))],
  ['a malformed id', [line('x', 1)]],
  ['no units', [line('v1', 0)]],
  ['half a unit', [line('v1', 0.5)]],
  ['too many units together', [line('v1', 600_000), line('v1', 600_000)]],
])('%s are refused', (_name, lines) => {
  expect(() => sumLines(lines, isKnown)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});
