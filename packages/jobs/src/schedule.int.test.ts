import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { greet, JobsKit, until } from '../test/jobs-kit.ts';
import { handle, schedule } from './index.ts';

let kit: JobsKit;
beforeEach(async () => {
  kit = await JobsKit.start();
});
afterEach(() => kit[Symbol.asyncDispose]());

const every = (everyMs: number) => schedule('greetings', greet, { data: { name: 'all' }, rhythm: { everyMs } });
const nightly = schedule('nightly', greet, { data: { name: 'night' }, rhythm: { cron: '15 3 * * *', timeZone: 'Europe/Berlin' } });

test('a scheduled job runs by itself, once per time on two workers, and again after Redis was emptied', async () => {
  const ran: string[] = [];
  const work = () => kit.work([handle(greet, async (_data, { id }) => void ran.push(id))], { schedules: [every(100)] });
  work();
  await until('it ran three times', () => ran.length >= 3);
  work();
  const before = ran.length;
  await until('it ran on', () => ran.length >= before + 5);
  expect(new Set(ran).size).toBe(ran.length);
  const redis = new Redis(kit.redis.url);
  await redis.flushdb();
  redis.disconnect();
  const emptied = ran.length;
  await until('it runs again', () => ran.length > emptied + 1);
});

test('a schedule that changed is followed, one that is gone is taken out', async () => {
  const handlers = [handle(greet, async () => undefined)];
  await kit.work(handlers, { schedules: [every(3_600_000), nightly] }).stop();
  expect(await schedules(kit.redis.url)).toEqual(['greetings every 3600000', 'nightly 15 3 * * * Europe/Berlin']);
  await kit.work(handlers, { schedules: [nightly] }).stop();
  expect(await schedules(kit.redis.url)).toEqual(['nightly 15 3 * * * Europe/Berlin']);
  await kit.work(handlers, { schedules: [every(7_200_000), nightly] }).stop();
  await kit.work(handlers, { schedules: [every(7_200_001), nightly] }).stop();
  expect(await schedules(kit.redis.url)).toEqual(['greetings every 7200001', 'nightly 15 3 * * * Europe/Berlin']);
});

async function schedules(url: string): Promise<string[]> {
  const redis = new Redis(url);
  const ids = await redis.zrange('jobs:test:repeat', '0', '-1');
  const rows = await Promise.all(ids.map((id) => redis.hgetall(`jobs:test:repeat:${id}`)));
  redis.disconnect();
  return rows
    .map((row, index) => `${ids[index]} ${row['every'] === undefined ? `${row['pattern']} ${row['tz']}` : `every ${row['every']}`}`)
    .sort();
}
