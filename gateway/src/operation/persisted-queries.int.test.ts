import { once } from 'node:events';
import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { expect, test } from 'vitest';
import { RedisRoom } from '../redis-room.ts';
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

test('queries of which no two are the same do not fill Redis: those that find no room there are known to this process', async () => {
  await using server = await testRedis();
  const redis = connectRedis(server.url, () => undefined);
  await once(redis, 'ready');
  const room = new RedisRoom({ characters: 12_000, lifetimeMs: 86_400_000 });
  const store = createPersistedQueries(redis, () => expect.fail('Redis is there'), room);
  for (let n = 0; n < 50; n++) for (let again = 0; again < 2; again++) await store.set(`apq:${n}`, `{ a${n} } #`.padEnd(1_000, 'x'));
  expect(await redis.keys('*')).toHaveLength(10);
  expect(await store.get('apq:49')).toContain('a49');
  redis.disconnect();
});
