import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { withClient } from './databases.ts';
import { findListener } from './ports.ts';
import { lineProgress } from './progress.ts';
import { projectLayout } from './project-layout.ts';
import { ofSubgraph } from './subgraph-list.ts';
import { type RunningSupergraph, startSupergraph } from './supergraph.ts';
import { freePortVariables, processesMentioning, standIn, until } from './testing/stand-in.ts';

interface Started extends AsyncDisposable {
  readonly running: RunningSupergraph;
  readonly lines: string[];
}

async function start(root: string, env: Record<string, string>, remote: ReadonlyMap<string, string> = new Map()): Promise<Started> {
  const lines: string[] = [];
  const config = readConfig({ ...env, DATA_DIR: join(root, '.data') }, root);
  const running = await startSupergraph({
    layout: projectLayout(root),
    config: { ...config, subgraphs: config.subgraphs.filter(({ name }) => !remote.has(name)) },
    remote,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    progress: lineProgress((line) => lines.push(line)),
    mode: 'durable',
    nodeArgs: [],
    onProcessEvent: (event) => lines.push(`${event.name} ${event.kind === 'line' ? event.line : event.kind}`),
    onStopRequested: () => undefined,
    now: new Date(0),
  });
  return { running, lines, [Symbol.asyncDispose]: () => running.stop() };
}

const pidAt = async (url: string): Promise<number> => ((await (await fetch(url)).json()) as { pid: number }).pid;

test('everything is up when it says so, and nothing is left when it was stopped', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const { running, lines } = await start(root.path, env);
  const names = running.processes().map(({ name }) => name);
  expect(names).toEqual(['accounts', 'products', 'reviews', 'orders', 'orders-worker', 'gateway']);
  for (const url of Object.values(running.subgraphUrls)) expect((await fetch(url)).status).toBe(200);
  expect(lines.filter((line) => line.startsWith('✓')).length).toBeGreaterThanOrEqual(5);

  await Promise.all([running.stop(), running.stop()]);
  expect(await processesMentioning(root.path)).toEqual([]);
  expect(await findListener(Number(env['POSTGRES_PORT']))).toBeUndefined();
  expect(await findListener(Number(env['REDIS_PORT']))).toBeUndefined();
});

test('a killed subgraph, Postgres or Redis comes back at the same address', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  await using started = await start(root.path, env);
  const url = ofSubgraph(started.running.subgraphUrls, 'reviews');
  const before = await pidAt(url);
  process.kill(before, 'SIGKILL');
  await until(async () => (await pidAt(url).catch(() => before)) !== before);

  for (const name of ['POSTGRES_PORT', 'REDIS_PORT']) {
    const pid = (await findListener(Number(env[name]))) ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(async () => ![undefined, pid].includes(await findListener(Number(env[name]))));
  }
  await until(() =>
    withClient(ofSubgraph(started.running.databaseUrls, 'accounts').app, (client) => client.query('SELECT FROM thing')).then(
      () => true,
      () => false,
    ),
  );
  expect(started.lines.filter((line) => line.endsWith(' died')).length).toBe(1);
});

test('a restart gives these processes another life at the same address and leaves the others alone', async () => {
  await using root = await standIn();
  await using started = await start(root.path, await freePortVariables());
  const pids = () => new Map(started.running.processes().map(({ name, pid }) => [name, pid]));
  const before = pids();
  await started.running.restart(['orders', 'orders-worker', 'not-there']);
  const after = pids();
  const changed = [...after.keys()].filter((name) => after.get(name) !== before.get(name));
  expect(changed).toEqual(['orders', 'orders-worker']);
  expect(await pidAt(ofSubgraph(started.running.subgraphUrls, 'orders'))).toBe(after.get('orders'));
});

test('subgraphs that run elsewhere are not started; the gateway is told where they are and how to sign for them', async () => {
  await using root = await standIn();
  const remote = new Map([
    ['accounts', 'https://accounts.example.com/graphql'],
    ['products', 'https://products.example.com/graphql'],
  ]);
  const env = { ...(await freePortVariables()), INTERNAL_KEY_PRODUCTS: 'k'.repeat(32), TOKEN_ISSUER: 'https://shop.example.com' };
  await using started = await start(root.path, env, remote);
  expect(started.running.processes().map(({ name }) => name)).toEqual(['reviews', 'orders', 'orders-worker', 'gateway']);
  const gateway = ((await (await fetch(started.running.gatewayUrl)).json()) as { env: Record<string, string> }).env;
  expect(gateway['SUBGRAPH_URLS']).toContain('accounts=https://accounts.example.com/graphql');
  expect(gateway['INTERNAL_KEYS']).toContain(`products=${'k'.repeat(32)}`);
  expect(gateway['INTERNAL_KEYS']).not.toContain('accounts=');
  expect(JSON.parse(gateway['ISSUERS'] ?? '')).toEqual([
    { issuer: 'https://shop.example.com', audience: 'supergraph', jwksUrl: 'https://accounts.example.com/.well-known/jwks.json' },
  ]);
});

test('a subgraph reads and writes rows but changes neither structure nor the migration history, and sees no other database', async () => {
  await using root = await standIn();
  await using started = await start(root.path, await freePortVariables());
  const { app } = ofSubgraph(started.running.databaseUrls, 'accounts');
  const run = (sql: string, url = app) => withClient(url, (client) => client.query(sql));
  await run("INSERT INTO thing VALUES ('a'); UPDATE thing SET id = 'b' WHERE id = 'a'; DELETE FROM thing WHERE id = 'b'");
  await expect(run('CREATE TABLE other (id int)')).rejects.toThrow(/permission denied/);
  await expect(run('DROP TABLE thing')).rejects.toThrow(/must be owner/);
  await expect(run('TRUNCATE thing')).rejects.toThrow(/permission denied/);
  await expect(run('DELETE FROM _prisma_migrations')).rejects.toThrow(/permission denied/);
  await expect(run('SELECT 1', app.replace(/accounts$/, 'orders'))).rejects.toThrow(/permission denied/);
});

test('data, secrets and keys are kept over a restart, and demo data is written once', async () => {
  await using root = await standIn();
  const env = { ...(await freePortVariables()), SEED_SCALE: '7' };
  const rows = async ({ running }: Started): Promise<unknown> =>
    (await withClient(ofSubgraph(running.databaseUrls, 'accounts').app, (client) => client.query('SELECT count(*)::int AS n FROM thing')))
      .rows;
  const envOf = async ({ running }: Started): Promise<Record<string, string>> =>
    ((await (await fetch(ofSubgraph(running.subgraphUrls, 'accounts'))).json()) as { env: Record<string, string> }).env;

  const signingKeys = () => readFile(join(root.path, '.data', 'signing-keys.json'), 'utf8');
  const first = await start(root.path, env);
  const signing = await signingKeys();
  expect(await rows(first)).toEqual([{ n: 7 }]);
  const keys = await envOf(first);
  await first.running.stop();
  await using second = await start(root.path, env);
  expect(await rows(second)).toEqual([{ n: 7 }]);
  expect(await signingKeys()).toBe(signing);
  const again = await envOf(second);
  for (const name of ['INTERNAL_KEY', 'DATABASE_URL']) {
    expect(again[name]).toBeTruthy();
    expect(again[name]).toBe(keys[name]);
  }
});

test('a second start of the same folder says that it is running and where', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  await using started = await start(root.path, env);
  const second = start(root.path, await freePortVariables());
  await expect(second).rejects.toMatchObject({ code: 'ALREADY_RUNNING', message: expect.stringContaining(`process ${process.pid}`) });
  expect((await fetch(ofSubgraph(started.running.subgraphUrls, 'orders'))).status).toBe(200);
});

test('two starts at the same moment: one runs, the other says why not', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const results = await Promise.allSettled([start(root.path, env), start(root.path, env)]);
  const up = results.filter((result) => result.status === 'fulfilled');
  const down = results.filter((result) => result.status === 'rejected');
  expect([up.length, down.length]).toEqual([1, 1]);
  expect(down[0]?.reason).toMatchObject({ code: 'ALREADY_RUNNING' });
  await Promise.all(up.map(({ value }) => value.running.stop()));
});

test('a process that ends while starting stops the start with its last words, and nothing stays behind', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  const failing = start(root.path, { ...env, STAND_IN_FAILS: env['ORDERS_PORT'] ?? '' });
  await expect(failing).rejects.toMatchObject({
    code: 'PROCESS_FAILED',
    message: expect.stringMatching(/orders ended while starting \(exit code 3\)[\s\S]*DATABASE_URL is not set/),
  });
  expect(await processesMentioning(root.path)).toEqual([]);
});

test('a taken port is named with its holder and the variable that changes it, before anything is started', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  await using other = await standIn();
  await using holder = await start(other.path, env);
  const pid = await pidAt(ofSubgraph(holder.running.subgraphUrls, 'products'));
  const moved = { ...(await freePortVariables()), PRODUCTS_PORT: env['PRODUCTS_PORT'] ?? '' };
  await expect(start(root.path, moved)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(`by process ${pid}`),
    remedy: expect.stringContaining('PRODUCTS_PORT'),
  });
});

test('schemas that do not compose stop the start with what composition says', async () => {
  await using root = await standIn();
  await writeFile(join(root.path, 'subgraphs/orders/schema.graphql'), '# BROKEN');
  await expect(start(root.path, await freePortVariables())).rejects.toMatchObject({ message: expect.stringContaining('does not compose') });
});

test('a process is told where the others are, and has the keys of those only that it calls', async () => {
  await using root = await standIn();
  const env = await freePortVariables();
  await using started = await start(root.path, env);
  const envOf = async (url: string): Promise<Record<string, string>> =>
    ((await (await fetch(url)).json()) as { env: Record<string, string> }).env;
  const gateway = await envOf(started.running.gatewayUrl);
  for (const [name, url] of Object.entries(started.running.subgraphUrls))
    expect(gateway['SUBGRAPH_URLS']).toContain(`${name}=${url}/graphql`);
  const keys = async (url: string): Promise<string[]> => Object.keys(await envOf(url)).filter((name) => name.startsWith('INTERNAL_KEY_'));
  expect(await keys(ofSubgraph(started.running.subgraphUrls, 'reviews'))).toEqual(['INTERNAL_KEY_REVIEWS']);
  expect((await keys(ofSubgraph(started.running.subgraphUrls, 'orders'))).sort()).toEqual(['INTERNAL_KEY_ORDERS', 'INTERNAL_KEY_PRODUCTS']);
  expect(Object.values(await envOf(ofSubgraph(started.running.subgraphUrls, 'reviews')))).not.toContain(gateway['INTERNAL_KEYS']);
});

test('demo data that cannot be written says which and why', async () => {
  await using root = await standIn();
  const env = { ...(await freePortVariables()), SEED_SCALE: '999' };
  await expect(start(root.path, env)).rejects.toMatchObject({
    message: expect.stringMatching(/demo data of accounts[\s\S]*the seed says no/),
  });
});
