import { once } from 'node:events';
import { connectRedis } from '@app/cache';
import { testRedis } from '@app/testing';
import { expect, test } from 'vitest';
import { RedisRevocations, revokedSessionKey } from './data/revocations.ts';

test('a revocation that Redis does not take is told, and is no fault of who ends a session', async () => {
  await using server = await testRedis();
  const redis = connectRedis(server.url, () => undefined);
  await once(redis, 'ready');
  const told: unknown[] = [];
  const revocations = new RedisRevocations(redis, (error) => void told.push(error));
  await redis.config('SET', 'maxmemory', '1');
  await revocations.announce(['ses_1', 'ses_2']);
  expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('OOM') })]);
  await redis.config('SET', 'maxmemory', '0');
  await revocations.announce(['ses_1']);
  expect([told.length, await redis.exists(revokedSessionKey('ses_1'))]).toEqual([1, 1]);
  redis.disconnect();
});
