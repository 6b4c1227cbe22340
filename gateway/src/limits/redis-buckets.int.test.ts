import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from '../testing/shop.ts';
import { startTestGateway } from '../testing/test-gateway.ts';
import { createLocalBuckets } from './local-buckets.ts';
import { createRedisBuckets } from './redis-buckets.ts';

const size = { capacity: 10, perSecond: 0.001 };
let server: Awaited<ReturnType<typeof testRedis>>;
beforeAll(async () => {
  server = await testRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

test('parallel callers together never take more than the bucket holds', async () => {
  const redis = connectRedis(server.url, () => undefined);
  await redis.ping().catch(() => new Promise((resolve) => redis.once('ready', resolve)));
  const buckets = createRedisBuckets(redis, createLocalBuckets(10), () => expect.unreachable('Redis is there'));
  const taken = await Promise.all(Array.from({ length: 40 }, () => buckets.take('shared', 1, size)));
  expect(taken.filter((withdrawal) => withdrawal.isAllowed)).toHaveLength(10);
  expect(await buckets.take('shared', 1, size)).toMatchObject({ isAllowed: false, remaining: 0 });
  redis.disconnect();
});

test('two gateway processes share one budget', async () => {
  const variables = { REDIS_URL: server.url, RATE_ANONYMOUS: '2', RATE_REFILL_SECONDS: '3600' };
  await using first = await startTestGateway(shop, variables);
  await using second = await startTestGateway(shop, variables);
  await expect.poll(async () => (await first.ask('{ __typename }')).headers.get('ratelimit-remaining'), { timeout: 10_000 }).not.toBeNull();
  await first.ask('{ __typename }');
  expect((await second.ask('{ __typename }')).codes).toEqual(['RATE_LIMITED']);
});

test('while Redis is away a limit per process holds and requests are served', async () => {
  await using graph = await startTestGateway(shop, { REDIS_URL: 'redis://127.0.0.1:1', RATE_ANONYMOUS: '2', RATE_REFILL_SECONDS: '3600' });
  const codes = [];
  for (let index = 0; index < 3; index++) codes.push((await graph.ask('{ __typename }')).codes);
  expect(codes).toEqual([[], [], ['RATE_LIMITED']]);
  expect(await (await fetch(graph.gateway.metricsUrl)).text()).toContain(
    'gateway_redis_fallbacks_total{use="rate-limit",service="gateway"} 3',
  );
});
