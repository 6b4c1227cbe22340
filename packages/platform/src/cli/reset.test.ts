import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectLayout } from '../project-layout.ts';
import { scratchDir } from '../scratch-dir.ts';
import { resetCommand } from './reset.ts';

const layout = projectLayout(join(import.meta.dirname, '../../../..'));

async function filledDataDir(...files: readonly string[]) {
  const folder = await scratchDir('reset');
  for (const file of files) {
    await mkdir(join(folder.path, file, '..'), { recursive: true });
    await writeFile(join(folder.path, file), file);
  }
  let said = '';
  const reset = () => resetCommand({ layout, env: { DATA_DIR: folder.path }, write: (text) => (said += text) });
  return { path: folder.path, reset, said: () => said, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('a reset deletes the databases, secrets and logs', async () => {
  await using it = await filledDataDir('postgres/PG_VERSION', 'redis/appendonly.aof', 'secrets.json', 'log/start.log');
  expect(await it.reset()).toBe(0);
  expect(await readdir(it.path)).toEqual([]);
  expect(it.said()).toBe(`deleted everything in ${it.path}\n`);
});

test('what npm run registry keeps in the same folder stays', async () => {
  await using it = await filledDataDir('postgres/PG_VERSION', 'registry/secrets.json', 'registry/postgres/PG_VERSION');
  expect(await it.reset()).toBe(0);
  expect(await readdir(it.path)).toEqual(['registry']);
  expect(await readFile(join(it.path, 'registry/secrets.json'), 'utf8')).toBe('registry/secrets.json');
  expect(await readdir(join(it.path, 'registry/postgres'))).toEqual(['PG_VERSION']);
  expect(it.said()).toContain('but registry/');
});
