import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { greet, JobsKit, until } from '../test/jobs-kit.ts';
import { handle } from './index.ts';

test('the job of a killed process is done by another one', async () => {
  await using kit = await JobsKit.start();
  const file = fileURLToPath(new URL('../test/hanging-worker.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, kit.redis.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGKILL');
  kit.work([handle(greet, async () => undefined)], { lockMs: 500 });
  await until('it is done', () => kit.kindsOf('job_1').includes('completed'));
});

test('what waits in Redis survives nothing when Redis is emptied: whoever caused it puts it in again', async () => {
  await using kit = await JobsKit.start();
  const put = () => kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await put();
  const redis = new Redis(kit.redis.url);
  await redis.flushdb();
  redis.disconnect();
  expect((await kit.queue.counts()).waiting).toBe(0);
  await put();
  kit.work([handle(greet, async () => undefined)]);
  await until('it is done', () => kit.kindsOf('job_1').includes('completed'));
});
