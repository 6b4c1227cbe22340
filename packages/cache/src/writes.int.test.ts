import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ANY_TAG, bumpGeneration, type Dependency, isUnchanged, readWrites, type WritesReading } from './writes.ts';

let redis: Redis;
let dispose: () => PromiseLike<void>;

beforeAll(async () => {
  const test = await testRedis();
  dispose = () => test[Symbol.asyncDispose]();
  redis = new Redis(test.url);
});
beforeEach(() => redis.flushdb());
afterAll(async () => {
  redis.disconnect();
  await dispose();
});

async function read(...tags: string[]): Promise<WritesReading> {
  const reading = (await readWrites(redis, new Map([['shop', new Set(tags)]]))).get('shop');
  if (reading === undefined) throw new Error('There is no reading.');
  return reading;
}

/** An answer that is computed now. */
async function answer(tags: readonly string[], isUntagged = tags.length === 0): Promise<Dependency> {
  const { epoch, count } = await read();
  return { subgraph: 'shop', epoch, count, tags, isUntagged };
}

const holds = async (kept: Dependency) => isUnchanged(kept, await readWrites(redis, new Map([['shop', new Set(kept.tags)]])));

test('whoever asks first begins the epoch, and all others get the same', async () => {
  const many = await Promise.all(Array.from({ length: 10 }, () => read()));
  expect(new Set(many.map(({ epoch }) => epoch)).size).toBe(1);
  expect(await readWrites(redis, new Map())).toEqual(new Map());
});

test('a write with tags ends what depends on one of them, and what names none', async () => {
  const [one, two, both, untagged] = await Promise.all([answer(['p1']), answer(['p2']), answer(['p1', 'p2']), answer([])]);
  await bumpGeneration(redis, 'shop', { tags: ['p1'] });
  expect(await Promise.all([one, two, both, untagged].map(holds))).toEqual([false, true, false, false]);
  expect(await holds(await answer(['p1']))).toBe(true);
});

test('a write without tags ends everything of that subgraph and nothing of another', async () => {
  const kept = await answer(['p1']);
  await bumpGeneration(redis, 'other');
  expect(await holds(kept)).toBe(true);
  await bumpGeneration(redis, 'shop');
  expect(await holds(kept)).toBe(false);
});

test('what names no tags may be spared', async () => {
  const [tagged, untagged] = [await answer(['p1']), await answer([])];
  await bumpGeneration(redis, 'shop', { tags: ['p1'], includesUntagged: false });
  expect([await holds(tagged), await holds(untagged)]).toEqual([false, true]);
  const many = await answer([ANY_TAG], true);
  await bumpGeneration(redis, 'shop', { tags: ['p2'], includesUntagged: false });
  expect([await holds(many), await holds(untagged)]).toEqual([false, true]);
});

test('an answer that was overtaken by a write is not used, though it is kept after it', async () => {
  const early = await answer(['p1']);
  await bumpGeneration(redis, 'shop', { tags: ['p1'] });
  expect(await holds(early)).toBe(false);
});

test('what Redis lost does not come back', async () => {
  const kept = await answer(['p1']);
  await bumpGeneration(redis, 'shop', { tags: ['p1'] });
  await redis.flushdb();
  expect(await holds(kept)).toBe(false);
});

test('a subgraph with too many tags begins anew', async () => {
  const kept = await answer(['p1']);
  await redis.hset('writes:shop', Object.fromEntries(Array.from({ length: 100_001 }, (_, index) => [`tag:t${index}`, 0])));
  await bumpGeneration(redis, 'shop', { tags: ['p2'] });
  expect(await holds(kept)).toBe(false);
  expect(await redis.hlen('writes:shop')).toBeLessThan(10);
});

test('what a reading did not ask for counts as written', async () => {
  const kept = await answer(['p1']);
  expect(isUnchanged(kept, new Map([['shop', await read()]]))).toBe(false);
  expect(isUnchanged(kept, new Map())).toBe(false);
});
