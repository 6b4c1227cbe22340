import { once } from 'node:events';
import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { expect, test } from 'vitest';
import { createPersistedQueries } from './persisted-queries.ts';

test('a persisted query is known to all processes, one that is very long to none', async () => {
  await using server = await testRedis();
  const redis = connectRedis(server.url, () => undefined);
  await once(redis, 'ready');
  const [one, other] = [1, 2].map(() => createPersistedQueries(redis, () => expect.fail('Redis is there')));
  await one?.set('apq:short', '{ a }');
  await one?.set('apq:long', '{ a } #'.padEnd(65_537, 'x'));
  for (const store of [one, other]) {
    expect(await store?.get('apq:short')).toBe('{ a }');
    expect(await store?.get('apq:long')).toBeUndefined();
  }
  expect(await redis.keys('*')).toHaveLength(1);
  redis.disconnect();
});
