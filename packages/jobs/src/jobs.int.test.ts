import { testProxy } from '@app/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { greet, JobsKit, until } from '../test/jobs-kit.ts';
import { defineJob, HopelessJob, handle, JobQueue, startJobWorker } from './index.ts';

let kit: JobsKit;
beforeEach(async () => {
  kit = await JobsKit.start();
});
afterEach(() => kit[Symbol.asyncDispose]());

test('a job runs once with its data, however often its id is put in', async () => {
  const names: string[] = [];
  const put = () => kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await Promise.all([put(), put(), put()]);
  kit.work([handle(greet, async ({ name }, { attempt, id }) => void names.push(`${name} ${id} ${attempt}`))]);
  await until('it ran', () => names.length === 1);
  await put();
  await kit.queue.enqueue(greet, { id: 'job_2', data: { name: 'Bea' } });
  await until('the next one ran', () => kit.kindsOf('job_2').length === 1);
  expect(names).toEqual(['Ada job_1 1', 'Bea job_2 1']);
  await until('both are counted', async () => (await kit.queue.counts()).completed === 2);
});

test('data that does not fit and a malformed id are refused where they are put in', async () => {
  await expect(kit.queue.enqueue(greet, { id: 'job_1', data: { name: '' } })).rejects.toMatchObject({
    code: 'BAD_DATA',
    message: expect.stringMatching(/^job "greet" does not take this: name: /),
  });
  await expect(kit.queue.enqueue(greet, { id: 'a:b', data: { name: 'Ada' } })).rejects.toMatchObject({ code: 'BAD_ID' });
  await kit.queue.enqueueAll(greet, []);
  expect(await kit.queue.counts()).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0, completed: 0 });
});

test('a job that fails is tried again, and goes to the dead set after its last try', async () => {
  let tries = 0;
  kit.work([
    handle(greet, async () => {
      tries += 1;
      throw new Error(`no luck ${tries}`);
    }),
  ]);
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await until('it is dead', () => kit.kindsOf('job_1').includes('dead'));
  expect(kit.kindsOf('job_1')).toEqual(['failed', 'failed', 'dead']);
  expect(await kit.dead.list()).toMatchObject([{ id: 'job_1', name: 'greet', data: { name: 'Ada' }, attempts: 3, error: 'no luck 3' }]);
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  expect(tries).toBe(3);
});

test('a dead job is tried again with all its tries, or given up, and its handler is told', async () => {
  const discarded: string[] = [];
  let isWell = false;
  const run = async () => {
    if (!isWell) throw new HopelessJob('no such address');
  };
  kit.work([handle(greet, run, async ({ name }) => void discarded.push(name))]);
  for (const id of ['job_1', 'job_2', 'job_3']) await kit.queue.enqueue(greet, { id, data: { name: id } });
  await until('all are dead', async () => (await kit.queue.counts()).dead === 3);
  expect(kit.kindsOf('job_1')).toEqual(['dead']);
  isWell = true;
  expect(await kit.dead.discard('job_1')).toBe(1);
  expect(await kit.dead.discard('unknown')).toBe(0);
  await until('it is given up', () => discarded.length === 1);
  expect(await kit.dead.retry('job_2')).toBe(1);
  expect(await kit.dead.retry()).toBe(1);
  await until('all are settled', async () => (await kit.queue.counts()).completed === 3);
  expect([discarded, kit.kindsOf('job_1'), kit.kindsOf('job_3')]).toEqual([['job_1'], ['dead', 'discarded'], ['dead', 'completed']]);
});

test('a job that nobody knows, or whose data this worker does not understand, is dead at once with the reason', async () => {
  const older = defineJob('greet', { schema: z.strictObject({ nick: z.string() }), attempts: 3 });
  const other = defineJob('other', { schema: z.unknown() });
  kit.work([handle(greet, async () => undefined)]);
  await kit.queue.enqueue(older, { id: 'job_1', data: { nick: 'Ada' } });
  await kit.queue.enqueue(other, { id: 'job_2', data: 1 });
  await until('both are dead', async () => (await kit.queue.counts()).dead === 2);
  const errors = (await kit.dead.list()).map(({ error }) => error).sort();
  expect(errors).toEqual([expect.stringContaining('job "greet" does not take this'), 'no handler takes job "other"']);
});

test('a try that takes too long has failed, and its signal says so', async () => {
  const slow = defineJob('slow', { schema: z.null(), attempts: 1, timeoutMs: 30 });
  const reasons: string[] = [];
  kit.work([
    handle(slow, (_data, { signal }) => {
      signal.addEventListener('abort', () => reasons.push(String(signal.reason)));
      return new Promise(() => undefined);
    }),
  ]);
  await kit.queue.enqueue(slow, { id: 'job_1', data: null });
  await until('it is dead', () => kit.kindsOf('job_1').includes('dead'));
  expect(reasons).toEqual(['Error: it took longer than 30 ms']);
});

test('a delayed job waits for its time', async () => {
  kit.work([handle(greet, async () => undefined)]);
  await kit.queue.enqueue(greet, { id: 'later', data: { name: 'Ada' }, delayMs: 3_600_000 });
  await kit.queue.enqueue(greet, { id: 'now', data: { name: 'Ada' } });
  await until('the other one ran', () => kit.kindsOf('now').length === 1);
  expect(await kit.queue.counts()).toMatchObject({ delayed: 1, completed: expect.any(Number) });
});

test('told to stop, a worker lets running jobs finish and takes no further ones', async () => {
  const release = Promise.withResolvers<void>();
  let running = 0;
  const worker = kit.work([
    handle(greet, async () => {
      running += 1;
      await release.promise;
    }),
  ]);
  const ids = ['job_1', 'job_2', 'job_3', 'job_4', 'job_5'];
  for (const id of ids) await kit.queue.enqueue(greet, { id, data: { name: id } });
  await until('it runs as many as it may', () => running === 4);
  const stopped = Promise.all([worker.stop(), worker.stop()]);
  release.resolve();
  await stopped;
  expect(running).toBe(4);
  expect(await kit.queue.counts()).toMatchObject({ waiting: 1, completed: 4, active: 0 });
});

test('a job that does not end in the time of grace is aborted and tried again by another worker', async () => {
  const started = Promise.withResolvers<void>();
  const worker = kit.work(
    [
      handle(greet, () => {
        started.resolve();
        return new Promise(() => undefined);
      }),
    ],
    { graceMs: 20 },
  );
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await started.promise;
  await worker.stop();
  expect(kit.kindsOf('job_1')).toEqual(['failed']);
  kit.work([handle(greet, async () => undefined)]);
  await until('another worker did it', () => kit.kindsOf('job_1').includes('completed'));
});

test('without Redis putting in fails soon and says so, and a worker goes on trying', async () => {
  const errors: unknown[] = [];
  const queue = new JobQueue({ url: 'redis://127.0.0.1:1', name: 'test', onError: (error) => errors.push(error) });
  await expect(queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'queue "test" cannot be reached',
  });
  await expect(queue.counts()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await queue.close();
  expect(errors.length).toBeGreaterThan(0);
  const seen: string[] = [];
  const worker = startJobWorker({
    url: 'redis://127.0.0.1:1',
    name: 'test',
    handlers: [],
    lockMs: 100,
    graceMs: 100,
    observe: ({ kind }) => seen.push(kind),
  });
  await until('it says so', () => seen.includes('error'));
  await worker.stop();
});

test('a handler that need not know of jobs that were given up is not told', async () => {
  kit.work([
    handle(greet, async () => {
      throw new HopelessJob('no');
    }),
  ]);
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await until('it is dead', async () => (await kit.queue.counts()).dead === 1);
  await kit.dead.discard('job_1');
  await until('it is given up', () => kit.kindsOf('job_1').includes('discarded'));
});

test('a Redis whose machine is gone without a word is given up, and asked anew', async () => {
  await using proxy = await testProxy(kit.redis.url);
  const queue = new JobQueue({ url: proxy.url, name: 'test', onError: () => undefined });
  await queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  proxy.fallSilent();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  try {
    const put = queue.enqueue(greet, { id: 'job_2', data: { name: 'Bea' } });
    await vi.advanceTimersByTimeAsync(20_000);
    await put;
  } finally {
    vi.useRealTimers();
    await queue.close();
  }
  expect((await kit.queue.counts()).waiting).toBe(2);
});
