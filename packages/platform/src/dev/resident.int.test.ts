import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type ScratchDir, scratchDir } from '../scratch-dir.ts';
import { processesMentioning } from '../testing/stand-in.ts';
import { GraphDesk } from './graph-desk.ts';
import { ResidentProcess } from './resident-process.ts';
import { SchemaPrinter } from './schema-printer.ts';

const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

async function tree(files: Record<string, string>): Promise<ScratchDir & { put: (path: string, text: string) => void }> {
  const scratch = await scratchDir('resident');
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(scratch.path, path)), { recursive: true });
    writeFileSync(join(scratch.path, path), text);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  return { ...scratch, put };
}

const print = (sdl: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('../schema.graphql', import.meta.url), '${sdl}');\n`;

test('a schema is printed from the sources as they are now, and a mistake is told with its place', async () => {
  await using root = await tree({ 'subgraphs/a/package.json': '{"type":"module","dependencies":{"node:path":"1","not-there":"1"}}' });
  const printer = new SchemaPrinter({ cwd: root.path, nodeArgs: [], env });
  root.put('subgraphs/a/src/print-schema.ts', print('type Query { a: Int }'));
  expect(await printer.print('a')).toEqual({ kind: 'printed', hasChanged: true });
  expect(await printer.print('a')).toEqual({ kind: 'printed', hasChanged: false });
  root.put('subgraphs/a/src/print-schema.ts', print('type Query { b: Int }'));
  expect(await printer.print('a')).toEqual({ kind: 'printed', hasChanged: true });
  root.put('subgraphs/a/src/print-schema.ts', "import './nothing.ts';");
  expect(await printer.print('a')).toMatchObject({ kind: 'failed', error: expect.stringContaining('nothing.ts') });
  root.put('subgraphs/a/src/print-schema.ts', 'process.exit(3);');
  expect(await printer.print('a')).toMatchObject({ kind: 'failed', error: expect.stringContaining('ended without an answer') });
  await printer.renew();
  await printer.stop();
  expect(await processesMentioning(root.path)).toEqual([]);
});

test('a graph is composed and checked as it is now, and a file that is missing is told', async () => {
  const sdl = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\ntype Query { a: Int }\n';
  await using root = await tree({
    'supergraph.yaml': 'subgraphs: { a: { routing_url: "http://localhost:1/graphql", schema: { file: ./a.graphql } } }',
    'a.graphql': sdl,
  });
  const desk = new GraphDesk({ cwd: root.path, nodeArgs: ['--import=tsx'].map(() => `--import=${import.meta.resolve('tsx')}`), env });
  expect(await desk.compose()).toMatchObject({ supergraph: expect.stringContaining('join__Graph'), isFine: true });
  expect(await desk.check()).toMatchObject({ supergraph: null, isFine: true });
  root.put('a.graphql', `${sdl}type B @key(fields: "nope") { id: ID }\n`);
  expect(await desk.compose()).toMatchObject({ supergraph: null, isFine: false, report: expect.stringMatching(/at a\.graphql:\d+:\d+/) });
  root.put('supergraph.yaml', 'subgraphs: {}');
  expect(await desk.compose()).toMatchObject({ supergraph: null, isFine: false, report: expect.stringContaining('has no subgraphs') });
  await desk.stop();
});

test('a process that died is started again by the next question, and stopping twice is fine', async () => {
  await using root = await tree({
    'echo.mjs':
      "process.on('message', (m) => (m.die ? process.exit(1) : process.send({ pid: process.pid }))); process.stderr.write('last words');",
  });
  const entry = new URL(`file://${root.path}/echo.mjs`);
  const resident = new ResidentProcess({ entry, args: [], nodeArgs: [], cwd: root.path, env });
  const first = await resident.ask<{ pid: number }>({});
  expect(await resident.ask<{ pid: number }>({})).toEqual(first);
  await expect(resident.ask({ die: true })).rejects.toMatchObject({
    code: 'PROCESS_FAILED',
    message: expect.stringContaining('last words'),
  });
  expect((await resident.ask<{ pid: number }>({})).pid).not.toBe(first.pid);
  await resident.stop();
  await resident.stop();
});
