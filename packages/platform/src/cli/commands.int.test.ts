import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@app/config';
import { MigrationError } from '@app/database';
import { expect, inject, test } from 'vitest';
import { withClient } from '../databases.ts';
import { PlatformError } from '../platform-error.ts';
import { lineProgress } from '../progress.ts';
import { projectLayout } from '../project-layout.ts';
import { scratchDir } from '../scratch-dir.ts';
import { ofSubgraph } from '../subgraph-list.ts';
import { freePortVariables, standIn, until } from '../testing/stand-in.ts';
import { startThrowawaySupergraph } from '../throwaway-supergraph.ts';
import { migrateCommand } from './migrate.ts';
import { resetCommand } from './reset.ts';
import { describeFailure } from './run.ts';
import { seedCommand } from './seed.ts';
import { startCommand } from './start.ts';
import { stopCommand } from './stop.ts';
import { testCommand } from './test.ts';

async function workspace() {
  const root = await standIn();
  let text = '';
  const env: Record<string, string | undefined> = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...(await freePortVariables()) };
  return {
    layout: projectLayout(root.path),
    path: root.path,
    env,
    nodeArgs: [],
    write: (more: string) => {
      text += more;
    },
    output: () => text,
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

test('start runs until npm stop asks it to end, and seed works beside it', async () => {
  await using it = await workspace();
  const ready = Promise.withResolvers<void>();
  const signal = new AbortController().signal;
  const running = startCommand({ ...it, isColoured: false, stopHint: 'Ctrl-C', signal, onReady: ready.resolve });
  await ready.promise;
  expect(it.output()).toMatch(/A first query:[\s\S]*Ready in \d+\.\d s\. Ctrl-C/);
  expect(await seedCommand({ ...it, args: ['--scale', '4'] })).toBe(0);
  expect(await stopCommand(it)).toBe(0);
  expect(await running).toBe(0);
  expect(await resetCommand(it)).toBe(0);
  expect(it.output()).toMatch(/stopped\n[\s\S]*deleted everything/);
});

test('the processes that die are in the log', async () => {
  await using it = await workspace();
  const ready = Promise.withResolvers<void>();
  const stop = new AbortController();
  const running = startCommand({ ...it, isColoured: true, stopHint: 'Ctrl-C', signal: stop.signal, onReady: ready.resolve });
  await ready.promise;
  const { pid } = (await (await fetch(`http://localhost:${it.env['REVIEWS_PORT']}`)).json()) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await until(() => it.output().includes('died (SIGKILL); starting it again in 250 ms') && it.output().includes('starting again'));
  stop.abort();
  expect(await running).toBe(0);
});

test('stopped before it is ready it ends with 130', async () => {
  await using it = await workspace();
  const stop = new AbortController();
  const running = startCommand({ ...it, isColoured: false, stopHint: '', signal: stop.signal, onReady: () => undefined });
  stop.abort();
  expect(await running).toBe(130);
});

test('databases and a Redis of your own are migrated, seeded and used instead of embedded ones', async () => {
  await using it = await workspace();
  const name = `foreign_${it.env['GATEWAY_PORT']}`;
  const admin = inject('postgresUrl');
  await withClient(admin, (client) => client.query(`CREATE DATABASE ${name}`));
  const own = admin.replace(/postgres$/, name);
  const databases = Object.fromEntries(['ACCOUNTS', 'PRODUCTS', 'REVIEWS', 'ORDERS'].map((upper) => [`DATABASE_URL_${upper}`, own]));
  const ready = Promise.withResolvers<void>();
  const stop = new AbortController();
  const env = { ...it.env, ...databases, REDIS_URL: inject('redisUrl') };
  const running = startCommand({ ...it, env, isColoured: false, stopHint: '', signal: stop.signal, onReady: ready.resolve });
  await ready.promise;
  expect((await withClient(own, (client) => client.query('SELECT count(*)::int AS n FROM thing'))).rows).toEqual([{ n: 1 }]);
  expect(it.output()).not.toMatch(/Postgres on port|Redis on port/);
  expect(await seedCommand({ ...it, env, args: ['--scale', '2'] })).toBe(0);
  stop.abort();
  await running;
  await withClient(admin, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
});

test('a throwaway supergraph keeps nothing, also when it does not come up', async () => {
  await using it = await workspace();
  const options = { ...it, progress: lineProgress(() => undefined), onProcessEvent: () => undefined, seedScale: 0 };
  const running = await startThrowawaySupergraph(options);
  expect((await fetch(ofSubgraph(running.subgraphUrls, 'orders'))).status).toBe(200);
  await running.stop();
  await expect(readFile(running.config.dataDir)).rejects.toThrow(/ENOENT/);
  await writeFile(join(it.path, 'subgraphs/orders/schema.graphql'), 'BROKEN');
  await expect(startThrowawaySupergraph(options)).rejects.toThrow(/do not compose/);
});

test('migrations are checked and created by name, and wrong usage is explained', async () => {
  await using it = await workspace();
  const io = { layout: it.layout, now: new Date('2026-05-06T07:08:09Z'), out: it.write };
  expect(await migrateCommand(['check'], io)).toBe(0);
  expect(await migrateCommand(['create', 'accounts', 'nothing', 'new'], io)).toBe(0);
  expect(it.output()).toBe('schema and migrations agree: accounts\naccounts: schema and migrations agree already\n');

  const { schemaFile } = it.layout.database('accounts');
  await writeFile(schemaFile, (await readFile(schemaFile, 'utf8')).replace('id String @id', 'id String @id\n  size Int?'));
  expect(await migrateCommand(['check', 'accounts'], io)).toBe(1);
  expect(it.output()).toMatch(/do not lead to schema\.prisma[\s\S]*"size" INTEGER[\s\S]*migrate -- create accounts/);
  expect(await migrateCommand(['create', 'accounts', 'sizes'], io)).toBe(0);
  expect(it.output()).toContain('20260506070809_sizes/migration.sql');
  expect(await migrateCommand(['check'], io)).toBe(0);

  expect(await migrateCommand(['check', 'nowhere'], io)).toBe(2);
  expect(await migrateCommand(['create', 'accounts'], io)).toBe(2);
  expect(it.output()).toMatch(/There is no prisma\/nowhere[\s\S]*Usage:/);
});

test('npm test adds the rounds up and ends with one line', async () => {
  await using root = await scratchDir('runner');
  const runner = join(root.path, 'node_modules/vitest/vitest.mjs');
  await mkdir(join(runner, '..'), { recursive: true });
  await writeFile(
    runner,
    `import { writeFileSync } from 'node:fs';
     const args = process.argv.slice(2);
     const numFailedTests = args.includes('--project=e2e') && args.includes('broken') ? 1 : 0;
     const report = { numPassedTests: 2, numFailedTests, numPendingTests: 0, numTodoTests: 0, testResults: [] };
     writeFileSync(args.find((arg) => arg.startsWith('--outputFile.json=')).split('=')[1], JSON.stringify(report));
     process.exit(numFailedTests);`,
  );
  let text = '';
  const options = { layout: projectLayout(root.path), env: process.env, write: (more: string) => (text += more) };
  expect(await testCommand({ ...options, args: [] })).toBe(0);
  expect(text).toMatch(/\n4 passed, 0 failed\n$/);
  expect(await testCommand({ ...options, args: ['broken'] })).toBe(1);
  expect(text).toMatch(/\n4 passed, 1 failed\n$/);
});

test('errors with a remedy are printed without a stack, others with everything that is known', () => {
  const withRemedy = [
    new PlatformError('PORT_TAKEN', 'message', 'remedy'),
    new MigrationError('MIGRATION_FAILED', 'message', 'remedy'),
    new ConfigError([{ variable: 'X', text: 'message' }]),
  ].map(describeFailure);
  for (const text of withRemedy) expect(text).toMatch(/✗ [\s\S]*message\n {2}→ \S/);
  for (const text of withRemedy) expect(text).not.toContain('    at ');
  expect(describeFailure(new Error('bug'))).toMatch(/bug\n\s+at /);
  expect(describeFailure('text')).toBe('text');
});
