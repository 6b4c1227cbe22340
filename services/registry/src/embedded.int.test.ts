import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort, type ScratchDir, scratchDir } from '@app/platform';
import { HttpStore } from '@app/schema-registry';
import { afterAll, beforeAll, expect, test } from 'vitest';

let env: Record<string, string>;
let folder: ScratchDir;
const started: { readonly child: ChildProcess; readonly ended: Promise<[number | null]> }[] = [];

beforeAll(async () => {
  folder = await scratchDir('registry');
  const [http, postgres] = [await freePort(), await freePort()];
  env = {
    PATH: process.env['PATH'] ?? '',
    DATA_DIR: folder.path,
    REGISTRY_PORT: String(http),
    REGISTRY_POSTGRES_PORT: String(postgres),
    LOG_LEVEL: 'warn',
  };
});
afterAll(async () => {
  // What a failed test left running.
  for (const { child, ended } of started) if (child.exitCode === null) await end({ child, ended });
  await folder[Symbol.asyncDispose]();
});

/** Runs a file of the registry as its npm script does, and collects what it says. */
function run(file: string, args: readonly string[] = [], more: Record<string, string> = {}) {
  const path = new URL(file, import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said.text += String(part)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  started.push({ child, ended });
  return { child, said, ended };
}

async function end({ child, ended }: { child: ChildProcess; ended: Promise<[number | null]> }): Promise<number | null> {
  child.kill('SIGTERM');
  return (await ended)[0];
}

test('npm run registry brings its database, shows a token once, keeps everything, and ends cleanly', async () => {
  const first = run('./embedded.ts');
  await expect.poll(() => first.said.text, { timeout: 120_000 }).toMatch(/--supergraph-url/);
  const [token = ''] = /service:supergraph@current:\S+/.exec(first.said.text) ?? [];
  const url = `http://127.0.0.1:${env['REGISTRY_PORT']}`;
  const store = new HttpStore({ url, token });
  const note = { by: 'ann', message: '', now: new Date() };
  await store.publish([{ name: 'a', url: '', sdl: 'type Query { a: Int }', file: 'a.graphql' }], note);
  const [made, taken] = [run('./token.ts', ['create', '--name', 'ci', '--right', 'read']), run('./embedded.ts')];
  expect(await made.ended).toEqual([0, null]);
  expect(await new HttpStore({ url, token: made.said.text.trim() }).history()).toHaveLength(1);
  expect(await taken.ended).toEqual([1, null]);
  expect(taken.said.text).toMatch(/Port \d+, needed by the registry, is taken[\s\S]*REGISTRY_PORT/);
  expect(await end(first)).toBe(0);

  const second = run('./embedded.ts');
  await expect.poll(() => second.said.text, { timeout: 120_000 }).toContain('The registry is at');
  expect(second.said.text).not.toContain('service:');
  expect(await store.history()).toHaveLength(1);
  const migrated = run('./migrate.ts');
  expect([await migrated.ended, migrated.said.text]).toEqual([[0, null], 'nothing to migrate\n']);
  expect(await end(second)).toBe(0);

  const away = run('./token.ts', ['list']);
  expect([await away.ended, away.said.text]).toEqual([[1, null], expect.stringContaining('start it with npm run registry')]);
}, 300_000);
