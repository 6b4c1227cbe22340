import { expect, test } from 'vitest';
import { noSoonerThan } from './no-sooner-than.ts';

test('what is done early is told late, a failure too', async () => {
  const start = performance.now();
  const outcomes = await Promise.allSettled([
    noSoonerThan(100, Promise.resolve('done')),
    noSoonerThan(100, Promise.reject(new Error('failed'))),
  ]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(95);
  expect(outcomes).toEqual([
    { status: 'fulfilled', value: 'done' },
    { status: 'rejected', reason: new Error('failed') },
  ]);
});
