import { type RestartableServer, testRedisServer } from '@app/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AnnouncedWrites } from './announced-writes.ts';
import { connectRedis } from './redis.ts';
import { readWrites } from './writes.ts';

let server: RestartableServer;
let redis: Redis;
const errors: unknown[] = [];
const open: AnnouncedWrites[] = [];

beforeAll(async () => {
  server = await testRedisServer();
  redis = connectRedis(server.url, () => undefined);
  await new Promise((resolve) => redis.once('ready', resolve));
});
beforeEach(() => void errors.splice(0));
afterEach(() => {
  for (const writes of open.splice(0)) writes.close();
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});

function started(connection: Redis | null = redis): AnnouncedWrites {
  const writes = new AnnouncedWrites({ redis: connection, subgraph: 'shop', onError: (error) => errors.push(error) });
  open.push(writes);
  return writes;
}

/** One that owes nothing. */
async function announced(): Promise<AnnouncedWrites> {
  const writes = started();
  await expect.poll(() => writes.isOwing, { timeout: 10_000 }).toBe(false);
  return writes;
}

const read = async () => (await readWrites(redis, new Map([['shop', new Set(['a', 'b'])]]))).get('shop');
const epoch = async () => (await read())?.epoch;
/** The counts of the last writes to the tags `a` and `b`, and of those without tags. */
async function counts(): Promise<(number | undefined)[]> {
  const reading = await read();
  return [reading?.tagsAt.get('a'), reading?.tagsAt.get('b'), reading?.untaggedAt];
}

/** As a replica, Redis answers and takes no writes. */
const refuseWrites = () => redis.call('REPLICAOF', '127.0.0.1', '1');
const takeWrites = () => redis.call('REPLICAOF', 'NO', 'ONE');

test('when the writer is answered, caches know', async () => {
  const writes = await announced();
  await writes.tell({ tags: ['a'] });
  await writes.tell({ tags: ['b'], includesUntagged: false });
  expect(await counts()).toEqual([2, 3, 2]);
  expect([writes.isOwing, errors]).toEqual([false, []]);
});

test('at its start a process owes everything: one before it may have been killed owing something', async () => {
  const before = await epoch();
  const writes = started();
  expect(writes.isOwing).toBe(true);
  await expect.poll(() => writes.isOwing, { timeout: 10_000 }).toBe(false);
  expect(await epoch()).not.toBe(before);
});

test('after Redis was away it owes everything: Redis may have forgotten what it was told', async () => {
  const writes = await announced();
  const before = await epoch();
  redis.disconnect();
  await expect.poll(() => writes.isOwing).toBe(true);
  await redis.connect();
  await expect.poll(() => writes.isOwing, { timeout: 10_000 }).toBe(false);
  expect(await epoch()).not.toBe(before);
});

test('what Redis did not take is told as one write as soon as it is taken', async () => {
  const writes = await announced();
  const before = await epoch();
  await refuseWrites();
  await Promise.all([writes.tell({ tags: ['a'] }), writes.tell({ tags: ['b'] })]);
  expect(errors.length).toBeGreaterThanOrEqual(2);
  expect(writes.isOwing).toBe(true);
  await takeWrites();
  await expect.poll(() => writes.isOwing, { timeout: 10_000 }).toBe(false);
  expect([await epoch(), await counts()]).toEqual([before, [2, 2, 2]]);
});

test('one without tags among them is about everything', async () => {
  const writes = await announced();
  const before = await epoch();
  await refuseWrites();
  await Promise.all([writes.tell({ tags: ['a'] }), writes.tell()]);
  await takeWrites();
  await expect.poll(() => writes.isOwing, { timeout: 10_000 }).toBe(false);
  expect(await epoch()).not.toBe(before);
});

test('a Redis that is full takes what was written: it goes on answering what was kept', async () => {
  const writes = await announced();
  await redis.config('SET', 'maxmemory', '1');
  await writes.tell({ tags: ['a'] });
  await redis.config('SET', 'maxmemory', '0');
  expect([await counts(), errors]).toEqual([[2, 0, 2], []]);
});

test('without Redis there is nobody to tell, which is owed for ever, and after the end nobody tries', async () => {
  const alone = started(null);
  await alone.tell();
  expect(alone.isOwing).toBe(true);
  const writes = await announced();
  await refuseWrites();
  await writes.tell({ tags: ['a'] });
  writes.close();
  await takeWrites();
  const before = await counts();
  await writes.tell({ tags: ['a'] });
  expect(await counts()).toEqual(before);
});
