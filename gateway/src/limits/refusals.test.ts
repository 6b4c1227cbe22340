import { anonymous } from '@app/auth';
import { describe, expect, test } from 'vitest';
import type { RequestState } from '../operation/request-state.ts';
import { createLocalBuckets } from './local-buckets.ts';
import { Refusals } from './refusals.ts';
import type { TokenBuckets } from './token-bucket.ts';

// Of a request only who sent it matters here.
const from = (address: string) => ({ principal: anonymous, client: { address } }) as RequestState;
const refused = expect.objectContaining({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 5 } });

describe.each([
  ['in this process', (buckets: TokenBuckets) => buckets],
  ['elsewhere', (buckets: TokenBuckets): TokenBuckets => ({ take: async (...withdrawal) => buckets.take(...withdrawal) })],
])('with buckets %s', (_name, kept) => {
  function start() {
    const clock = { now: 1_000 };
    const size = { capacity: 100, perSecond: 10 };
    const buckets = createLocalBuckets(10, () => clock.now);
    const options = {
      buckets: kept(buckets),
      sizes: { anonymous: size, user: size, service: size },
      roleSizes: new Map(),
      fieldSizes: new Map(),
    };
    return { clock, buckets, size, refusals: new Refusals(options, () => clock.now) };
  }

  test('who has paid for too many mistakes is not read until they could pay again, and others are', async () => {
    const { clock, refusals } = start();
    for (const characters of [500, 450]) refusals.charge(from('1'), characters);
    await Promise.resolve();
    expect(() => refusals.admit(from('1'))).not.toThrow();
    refusals.charge(from('1'), 550);
    await new Promise(setImmediate);
    expect(() => refusals.admit(from('1'))).toThrow(refused);
    expect(() => refusals.admit(from('2'))).not.toThrow();
    clock.now += 5_000;
    expect(() => refusals.admit(from('1'))).not.toThrow();
  });

  test('a mistake costs at least 1, and never more than there is room for', async () => {
    const { buckets, size, refusals } = start();
    refusals.charge(from('1'), 0);
    refusals.charge(from('2'), 1_000_000);
    await new Promise(setImmediate);
    expect([1, 2].map((address) => buckets.take(`address:${address}`, 0, size))).toMatchObject([{ remaining: 99 }, { remaining: 0 }]);
    expect(() => refusals.admit(from('2'))).not.toThrow();
  });
});
