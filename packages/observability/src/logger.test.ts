import { expect, test } from 'vitest';
import { createLogger, type LoggerOptions, runWithRequest } from './index.ts';

function collecting(options: Partial<LoggerOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, log: createLogger({ service: 'test', destination, ...options }) };
}

test('a line is one JSON object with level, time and service', () => {
  const { lines, log } = collecting();
  log.info({ a: 1 }, 'hello');
  expect(lines).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'test', a: 1, msg: 'hello' }]);
});

test('inside a request every line carries its id, outside none', async () => {
  const { lines, log } = collecting();
  await runWithRequest({ requestId: 'request-1' }, async () => {
    await Promise.resolve();
    log.info('inside');
  });
  log.info('outside');
  expect(lines.map((line) => line.requestId)).toEqual(['request-1', undefined]);
});

test('secrets are hidden at the top and two levels deep', () => {
  const { lines, log } = collecting();
  log.info({ password: 'p1', request: { headers: { authorization: 'p2', 'set-cookie': 'p3' } }, user: { token: 'p4' } });
  expect(JSON.stringify(lines)).not.toMatch(/p[1-4]/);
});

test('lines below the level are not written', () => {
  const { lines, log } = collecting({ level: 'warn' });
  log.info('no');
  log.warn('yes');
  expect(lines).toHaveLength(1);
});

test('without a destination it writes to standard output', () => {
  expect(createLogger({ service: 'test', level: 'silent' }).level).toBe('silent');
});
