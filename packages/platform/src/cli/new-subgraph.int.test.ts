import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { repositoryCopy } from '../testing/repository-copy.ts';

const exec = promisify(execFile);

/** Runs Node in a copy. What it says is in the error when it fails. */
async function node(root: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_NO_WARNINGS: '1' };
  return exec(process.execPath, args, { cwd: root, env, maxBuffer: 2 ** 26 }).then(
    ({ stdout, stderr }) => ({ code: 0, output: `${stdout}${stderr}` }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, output: `${error.stdout}${error.stderr}` }),
  );
}

/** Every file and what is in it. */
function snapshot(root: string): Map<string, string> {
  const files = globSync('**/*', {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'node_modules' || entry.name === '.cache',
  });
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path.slice(root.length), createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

const create = (root: string, ...args: string[]) => node(root, 'packages/platform/bin/new-subgraph.ts', ...args);

test('a new subgraph is formatted, typed, migrated, composed and tested; the second time says that it is there', async () => {
  await using copy = await repositoryCopy();
  const created = await create(copy.path, 'wishlist');
  expect(created).toMatchObject({
    code: 0,
    output: expect.stringMatching(/Created subgraphs\/wishlist and prisma\/wishlist[\s\S]*changed supergraph\.yaml/),
  });

  const passes = async (...args: string[]): Promise<void> => expect(await node(copy.path, ...args)).toMatchObject({ code: 0 });
  await passes(
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    'subgraphs/wishlist',
    'prisma/wishlist',
    'supergraph.yaml',
  );
  await passes('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
  await passes('--import=tsx', 'packages/schema-registry/bin/schema.ts', 'compose', '--check', '--out', 'gateway/supergraph.graphql');
  await passes('packages/platform/bin/migrate.ts', 'check', 'wishlist');
  const tests = ['subgraphs/wishlist', 'packages/platform/src/configuration-page.test.ts', 'clients/storefront/src/generated.test.ts'];
  await passes('node_modules/vitest/vitest.mjs', 'run', '--project=unit', '--project=integration', ...tests);

  const before = snapshot(copy.path);
  expect(await create(copy.path, 'wishlist')).toMatchObject({
    code: 1,
    output: expect.stringContaining('there is one of that name already'),
  });
  expect(snapshot(copy.path)).toEqual(before);
}, 900_000);

test('a name that cannot be used, and a step that fails, change nothing', async () => {
  await using copy = await repositoryCopy();
  copy.edit(
    'subgraphs/reviews/schema.graphql',
    'type Review implements Node @key(fields: "id")',
    'type Review implements Node @key(fields: "nope")',
  );
  const before = snapshot(copy.path);
  for (const name of ['Wishlist', 'wish/list', 'gateway', 'orders', 'product'])
    expect(await create(copy.path, name)).toMatchObject({ code: 1, output: expect.stringContaining(`"${name}" cannot name a subgraph`) });
  for (const args of [[], ['--help'], ['a', 'b']])
    expect(await create(copy.path, ...args)).toMatchObject({ code: 2, output: expect.stringContaining('Usage') });
  const failed = await create(copy.path, 'wishlist');
  expect(failed).toMatchObject({ code: 1, output: expect.stringMatching(/A step failed, and the tree is as it was[\s\S]*nope/) });
  expect(snapshot(copy.path)).toEqual(before);
}, 300_000);
