import { expect, test } from 'vitest';
import { z } from 'zod';
import { backoffMs, defineJob } from './define-job.ts';
import { byName, handle } from './job-handler.ts';

const schema = z.strictObject({ to: z.string() });

test('a definition says what is wrong with it', () => {
  expect(() => defineJob('Send Mail', { schema })).toThrow('kebab-case, got "Send Mail"');
  expect(() => defineJob('send', { schema, attempts: 0 })).toThrow('attempts of job "send" must be 1 or more, got 0');
  expect(() => defineJob('send', { schema, backoff: { baseMs: 1, maxMs: 0.5 } })).toThrow('backoff.maxMs of job "send"');
  expect(defineJob('send', { schema })).toMatchObject({ attempts: 8, timeoutMs: 60_000 });
});

test('the wait doubles up to its limit, and half of it is random', () => {
  const backoff = { baseMs: 100, maxMs: 1_000 };
  const most = [1, 2, 3, 4, 5, 6, 400].map((attempt) => backoffMs(backoff, attempt, () => 1));
  expect(most).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  expect(backoffMs(backoff, 2, () => 0)).toBe(100);
});

test('two handlers of one job are refused', () => {
  const job = defineJob('send', { schema });
  const run = async () => undefined;
  expect(() => byName([handle(job, run), handle(job, run)])).toThrow('two handlers of one worker take job "send"');
});
