import { testProxy, testRedis } from '@app/testing';
import { expect, test } from 'vitest';
import { connectRedis } from './redis.ts';

test('an outage is told once, however often the connection is tried, and commands fail at once', async () => {
  const told: unknown[] = [];
  let attempts = 0;
  const redis = connectRedis('redis://127.0.0.1:1', (error) => told.push(error));
  redis.on('error', () => {
    attempts++;
  });
  await expect(redis.get('a')).rejects.toThrow();
  await expect.poll(() => attempts, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(told).toHaveLength(1);
  redis.disconnect();
});

test('commands work once the connection is there', async () => {
  await using server = await testRedis();
  const redis = connectRedis(server.url, () => undefined);
  await expect.poll(() => redis.set('a', '1').catch(() => 'not yet')).toBe('OK');
  expect(await redis.get('a')).toBe('1');
  redis.disconnect();
});

test('a server whose machine is gone without a word is given up, and asked anew', async () => {
  await using server = await testRedis();
  await using proxy = await testProxy(server.url);
  const redis = connectRedis(proxy.url, () => undefined);
  const answer = () => redis.echo('hello').catch((error: Error) => error.message);
  await expect.poll(answer).toBe('hello');
  proxy.fallSilent();
  expect(await answer()).toBe('Command timed out');
  await expect.poll(answer, { timeout: 20_000 }).toBe('hello');
  redis.disconnect();
});
