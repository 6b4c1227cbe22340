import { expect, test } from 'vitest';
import { createLocalBuckets } from './local-buckets.ts';
import { withdraw } from './token-bucket.ts';

const size = { capacity: 10, perSecond: 2 };

test.each([
  ['a new bucket is full', undefined, 4, 0, true, 6],
  ['a bucket fills with time', { level: 0, atMs: 0 }, 4, 3_000, true, 2],
  ['a bucket never holds more than its capacity', { level: 9, atMs: 0 }, 1, 60_000, true, 9],
  ['a refusal takes nothing', { level: 3, atMs: 0 }, 4, 0, false, 3],
  ['a clock that goes back takes nothing away', { level: 5, atMs: 1_000 }, 1, 0, true, 4],
] as const)('%s', (_name, bucket, amount, now, isAllowed, level) => {
  const { next, withdrawal } = withdraw(bucket, amount, size, now);
  expect(withdrawal.isAllowed).toBe(isAllowed);
  expect(next.level).toBe(level);
});

test('the wait until the same request would pass is told', () => {
  expect(withdraw({ level: 1, atMs: 0 }, 6, size, 0).withdrawal).toEqual({
    isAllowed: false,
    remaining: 1,
    retryAfterSeconds: 3,
    resetSeconds: 5,
  });
});

test('buckets of different callers are independent, and old ones are forgotten', async () => {
  const buckets = createLocalBuckets(2, () => 0);
  expect((await buckets.take('a', 10, size)).isAllowed).toBe(true);
  expect((await buckets.take('a', 1, size)).isAllowed).toBe(false);
  expect((await buckets.take('b', 10, size)).isAllowed).toBe(true);
  await buckets.take('c', 1, size);
  expect((await buckets.take('a', 10, size)).isAllowed).toBe(true);
});
