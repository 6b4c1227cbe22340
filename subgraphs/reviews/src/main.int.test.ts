import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testDatabase, testRedis } from '@app/testing';
import { expect, test } from 'vitest';

const entry = (file: string) => fileURLToPath(new URL(file, import.meta.url));

test.each(['main.ts', 'worker.ts'])('%s starts, is ready, and stops cleanly when it is told to', async (file) => {
  await using database = await testDatabase('reviews');
  await using redis = await testRedis();
  const variables = { REVIEWS_PORT: '0', DATABASE_URL_REVIEWS: database.url, REDIS_URL: redis.url, INTERNAL_KEY_REVIEWS: 'k'.repeat(32) };
  const child = spawn(process.execPath, ['--import', 'tsx', entry(file)], { env: { PATH: process.env['PATH'], ...variables } });
  const ended = once(child, 'exit');
  const lines: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(JSON.parse(line));
    const port = lines.at(-1)?.['port'];
    if (typeof port !== 'number') continue;
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a wrong variable stops the start with a message that names it', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', entry('main.ts')], {
    env: { PATH: process.env['PATH'], REVIEWS_PORT: 'http' },
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = await once(child, 'close');
  expect(code).not.toBe(0);
  expect(text).toContain('REVIEWS_PORT is "http": allowed is a whole number from 0 to 65535');
  expect(text).toContain('DATABASE_URL_REVIEWS is not set');
});
