import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { greet, JobsKit, until } from '../test/jobs-kit.ts';
import { HopelessJob, handle } from './index.ts';

const jobs = fileURLToPath(new URL('../bin/jobs.ts', import.meta.url));

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', jobs, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

test('npm run jobs lists dead jobs, tries them again and gives them up', async () => {
  await using kit = await JobsKit.start();
  const worker = kit.work([
    handle(greet, async () => {
      throw new HopelessJob('no such address');
    }),
  ]);
  for (const id of ['job_1', 'job_2']) await kit.queue.enqueue(greet, { id, data: { name: id } });
  await until('both are dead', async () => (await kit.queue.counts()).dead === 2);
  await worker.stop();
  const place = ['--redis-url', kit.redis.url, '--queue', 'test'];
  const [listed, counted, none, wrong, missing] = await Promise.all([
    run('dead', 'list', ...place),
    run('counts', ...place),
    run('dead', 'retry', ...place, '--job', 'job_9'),
    run('dead', 'bury', ...place),
    run('dead', 'discard', ...place),
  ]);
  expect(listed).toMatchObject({ code: 0, output: expect.stringMatching(/job_\d {2}greet {2}.* {2}no such address/) });
  expect(JSON.parse(counted.output)).toMatchObject({ dead: 2 });
  expect([none.code, wrong.code, missing.code]).toEqual([1, 2, 2]);
  expect(missing.output).toContain('--job is missing');
  expect(await run('dead', 'discard', ...place, '--job', 'job_1')).toEqual({ code: 0, output: '1 to be forgotten\n' });
  expect(await run('dead', 'retry', ...place)).toEqual({ code: 0, output: '1 to be tried again\n' });
});
