import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePortVariables, processesMentioning, standIn, until } from '../testing/stand-in.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/launch.ts', import.meta.url));

interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

function launch(root: string, env: Record<string, string>, args: readonly string[]): Launched {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => text, exited };
}

async function run(root: string, env: Record<string, string>, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const launched = launch(root, env, args);
  return { code: await launched.exited, output: launched.output() };
}

const nothingRuns = async (root: string): Promise<boolean> => (await processesMentioning(root)).length === 0;

test('Ctrl-C stops everything, and the output has addresses, progress and logs by process', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const { child, output, exited } = launch(root.path, env, ['start']);
  await until(() => output().includes('Ready in'));
  expect(output()).toContain(`http://localhost:${env['GATEWAY_PORT']}/graphql`);
  expect(output()).toMatch(/✓ Postgres on port \d+ \(\d+\.\d s\)/);
  expect(output()).toMatch(/^orders +\| INFO listening port=\d+$/m);
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(output()).toMatch(/stopped\n$/);
  expect(await nothingRuns(root.path)).toBe(true);
});

test('when the launcher is killed without a chance to clean up, everything it started ends', async () => {
  await using root = await standIn();
  const { child, output, exited } = launch(root.path, await freePortVariables(), ['start']);
  await until(() => output().includes('Ready in'));
  expect((await processesMentioning(root.path)).length).toBeGreaterThan(6);
  child.kill('SIGKILL');
  await exited;
  await until(() => nothingRuns(root.path));
});

test('stopped in the middle of starting, nothing stays behind', async () => {
  await using root = await standIn();
  const { child, output, exited } = launch(root.path, await freePortVariables(), ['start']);
  await until(() => output().includes('✓ Redis'));
  child.kill('SIGTERM');
  expect(await exited).toBe(130);
  expect(await nothingRuns(root.path)).toBe(true);
});

test('a detached start returns when ready, a second start says so, and stop ends it', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const started = await run(root.path, env, ['start', '--detach']);
  expect(started).toMatchObject({ code: 0, output: expect.stringMatching(/Ready in[\s\S]*Running in the background/) });
  expect((await fetch(`http://localhost:${env['GATEWAY_PORT']}/readyz`)).status).toBe(200);

  const second = await run(root.path, await freePortVariables(), ['start']);
  expect(second).toMatchObject({ code: 1, output: expect.stringMatching(/It is running already: process \d+ since .*\n.*npm stop/) });

  expect(await run(root.path, env, ['stop'])).toEqual({ code: 0, output: 'stopped\n' });
  expect(await nothingRuns(root.path)).toBe(true);
  expect(await run(root.path, env, ['stop'])).toEqual({ code: 0, output: 'nothing was running\n' });
});

test('a detached start that fails says why and has its exit code', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const failed = await run(root.path, { ...env, STAND_IN_FAILS: env['REVIEWS_PORT'] ?? '' }, ['start', '--detach']);
  expect(failed.code).toBe(1);
  expect(await readFile(join(root.path, '.data/log/start.log'), 'utf8')).toContain('DATABASE_URL is not set');
  expect(failed.output).toMatch(/✗ reviews ended while starting[\s\S]*It did not start/);
  expect(await nothingRuns(root.path)).toBe(true);
});

test('a wrong variable is named with its value and what is allowed, and nothing is started', async () => {
  await using root = await standIn();
  const { code, output } = await run(root.path, { GATEWAY_PORT: 'four thousand', LOG_LEVEL: 'loud' }, ['start']);
  expect(code).toBe(1);
  expect(output).toContain('GATEWAY_PORT is "four thousand": allowed is a whole number from 0 to 65535');
  expect(output).toContain('LOG_LEVEL is "loud": allowed is trace, debug');
  expect(output).not.toContain('    at ');
});

test('variables may stand in the file .env', async () => {
  await using root = await standIn();
  await writeFile(join(root.path, '.env'), 'LOG_LEVEL=loud\n');
  expect((await run(root.path, {}, ['start'])).output).toContain('LOG_LEVEL is "loud"');
});

test('reset stops what runs and leaves an empty folder; seed adds data whether it runs or not', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  expect(await run(root.path, env, ['seed', '--scale', '2'])).toMatchObject({
    code: 0,
    output: expect.stringContaining('✓ demo data, scale 2'),
  });
  expect((await run(root.path, env, ['start', '--detach'])).code).toBe(0);
  expect(await run(root.path, env, ['seed', '--scale', '3'])).toMatchObject({
    code: 0,
    output: expect.stringContaining('✓ demo data, scale 3'),
  });
  expect(await run(root.path, env, ['seed', '--scale', '0'])).toMatchObject({
    code: 1,
    output: expect.stringContaining('allowed is a whole number from 1'),
  });
  expect((await run(root.path, env, ['reset'])).output).toMatch(/^stopped\ndeleted everything/);
  expect(await nothingRuns(root.path)).toBe(true);
  expect(await readdir(join(root.path, '.data'))).toEqual([]);
});

test('an unknown command shows what there is', async () => {
  await using root = await standIn();
  const { code, output } = await run(root.path, {}, ['begin']);
  expect(code).toBe(2);
  expect(output).toContain('npm start');
});

test('a folder of migrations that was edited after it was applied is named with the way out', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  await run(root.path, env, ['seed']);
  const file = join(root.path, 'prisma/accounts/migrations/20260101000000_first/migration.sql');
  await writeFile(file, `${await readFile(file, 'utf8')}-- edited\n`);
  const { code, output } = await run(root.path, env, ['start']);
  expect(code).toBe(1);
  expect(output).toMatch(/20260101000000_first[\s\S]*npm run reset/);
  await rm(join(root.path, '.data'), { recursive: true });
});
