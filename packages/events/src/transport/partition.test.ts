import { expect, test } from 'vitest';
import { partitionOf } from './partition.ts';

test('a stream keeps its partition for ever: these numbers are part of the format', () => {
  expect(['a', 'b', 'ord_1', 'ü'].map((id) => partitionOf('order', id, 8))).toMatchInlineSnapshot(`
    [
      3,
      6,
      7,
      7,
    ]
  `);
});

test('streams spread over all partitions', () => {
  const counts = Array.from({ length: 8 }, () => 0);
  for (let n = 0; n < 8_000; n += 1) {
    const partition = partitionOf('order', `ord_${n}`, 8);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
});
