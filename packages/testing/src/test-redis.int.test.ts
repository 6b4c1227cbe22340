import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { testRedis } from './test-redis.ts';

test('what one file writes another does not see', async () => {
  await using one = await testRedis();
  await using two = await testRedis();
  const [first, second] = [new Redis(one.url), new Redis(two.url)];
  await first.set('key', 'value');
  expect(await second.get('key')).toBeNull();
  expect(await first.get('key')).toBe('value');
  first.disconnect();
  second.disconnect();
});

test('a disposed database is empty', async () => {
  const database = await testRedis();
  const redis = new Redis(database.url);
  await redis.set('key', 'value');
  await database[Symbol.asyncDispose]();
  expect(await redis.dbsize()).toBe(0);
  redis.disconnect();
});
