import { createMetrics } from '@app/observability';
import { expect, test } from 'vitest';
import { greet, JobsKit, until } from '../test/jobs-kit.ts';
import { startDashboard } from './dashboard.ts';
import { handle, recordJobs, recordQueue } from './index.ts';

test('the dashboard shows queues to this machine only', async () => {
  await using kit = await JobsKit.start();
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  const dashboard = await startDashboard({ url: kit.redis.url, queues: ['test'], port: 0, onError: () => undefined });
  const get = (headers: Record<string, string> = {}) => fetch(`${dashboard.url}/api/queues`, { headers });
  expect(await (await get()).json()).toMatchObject({ queues: [{ name: 'test', counts: { waiting: 1 } }] });
  expect((await fetch(dashboard.url)).status).toBe(200);
  expect((await get({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await get({ origin: dashboard.url })).status).toBe(200);
  await dashboard.close();
});

test('metrics count tries by outcome and show what waits', async () => {
  await using kit = await JobsKit.start();
  const metrics = createMetrics({ service: 'test', process: false });
  recordQueue(metrics, kit.queue);
  const record = recordJobs(metrics);
  const worker = kit.work([handle(greet, async () => undefined)]);
  await kit.queue.enqueue(greet, { id: 'job_1', data: { name: 'Ada' } });
  await until('it ran', () => kit.kindsOf('job_1').length === 1);
  await worker.stop();
  for (const signal of [...kit.signals, { kind: 'error' as const, error: new Error('x') }]) record(signal);
  const text = await metrics.text();
  expect(text).toMatch(/job_runs_total\{job="greet",outcome="completed",service="test"\} 1/);
  expect(text).toMatch(/job_duration_seconds_count\{job="greet",service="test"\} 1/);
  expect(text).toMatch(/jobs\{queue="test",state="completed",service="test"\} 1/);
});
