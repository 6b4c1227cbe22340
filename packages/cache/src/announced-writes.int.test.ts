import { type RestartableServer, testRedisServer } from '@app/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnnouncedWrites } from './announced-writes.ts';
import { connectRedis } from './redis.ts';
import { readWrites } from './writes.ts';

let server: RestartableServer;
let redis: Redis;
const errors: unknown[] = [];

beforeAll(async () => {
  server = await testRedisServer();
  redis = connectRedis(server.url, () => undefined);
  await new Promise((resolve) => redis.once('ready', resolve));
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});

const announced = (connection: Redis | null = redis) =>
  new AnnouncedWrites({ redis: connection, subgraph: 'shop', onError: (error) => errors.push(error) });

/** The counts of the last writes to the tags `a` and `b`, and of those without tags. */
async function counts(): Promise<(number | undefined)[]> {
  const reading = (await readWrites(redis, new Map([['shop', new Set(['a', 'b'])]]))).get('shop');
  return [reading?.tagsAt.get('a'), reading?.tagsAt.get('b'), reading?.untaggedAt];
}

test('when the writer is answered, caches know', async () => {
  const writes = announced();
  await writes.tell({ tags: ['a'] });
  await writes.tell({ tags: ['b'], includesUntagged: false });
  expect(await counts()).toEqual([1, 2, 1]);
  expect(errors).toEqual([]);
});

test('what Redis did not take is told as one write as soon as it is back', async () => {
  const writes = announced();
  const before = await counts();
  redis.disconnect();
  await Promise.all([writes.tell({ tags: ['a'] }), writes.tell({ tags: ['b'] })]);
  expect(errors.length).toBeGreaterThanOrEqual(2);
  await redis.connect();
  await expect.poll(counts, { timeout: 10_000 }).toEqual([3, 3, 3]);
  expect(before).toEqual([1, 2, 1]);
});

test('one without tags among them is about everything', async () => {
  const writes = announced();
  const epoch = async () => (await readWrites(redis, new Map([['shop', new Set()]]))).get('shop')?.epoch;
  const before = await epoch();
  redis.disconnect();
  await Promise.all([writes.tell({ tags: ['a'] }), writes.tell()]);
  await redis.connect();
  await expect.poll(epoch, { timeout: 10_000 }).not.toBe(before);
});

test('without Redis there is nobody to tell, and after the end nobody tries', async () => {
  await announced(null).tell();
  const writes = announced();
  const before = await counts();
  redis.disconnect();
  await writes.tell({ tags: ['a'] });
  writes.close();
  await redis.connect();
  await writes.tell({ tags: ['a'] });
  expect(await counts()).toEqual(before);
});
