import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { shop } from '../testing/shop.ts';
import { composeSupergraph } from '../testing/test-gateway.ts';
import { startTestSubgraph } from '../testing/test-subgraph.ts';

const owned = new AsyncDisposableStack();
const key = 'a key that nobody guesses';
let port = 0;
let metricsPort = 0;
let primary: ChildProcess;
let output = '';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-cluster-'));
  owned.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'supergraph.graphql');
  const services = await Promise.all(
    Object.entries(shop).map(async ([name, source]) => {
      const { url } = owned.use(await startTestSubgraph(source));
      return [name, { sdl: source.sdl, url }] as const;
    }),
  );
  await writeFile(file, composeSupergraph(Object.fromEntries(services)));
  [port, metricsPort] = [await freePort(), await freePort()];
  const main = new URL('../main.ts', import.meta.url).pathname;
  primary = spawn(process.execPath, [main, '--supergraph', file, '--port', String(port)], {
    env: {
      PATH: process.env['PATH'],
      ...{ METRICS_PORT: String(metricsPort), HOST: '127.0.0.1', WORKERS: '2', RATE_ANONYMOUS: '1000000' },
      ...{ INVALIDATION_KEY: key, ENTITY_CACHE: 'true', DRAIN_DELAY_MS: '0' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [primary.stdout, primary.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  owned.defer(() => void primary.kill('SIGKILL'));
  await vi.waitFor(() => expect(output).toContain('all workers serve'), { timeout: 50_000 });
});
afterAll(() => owned.disposeAsync());

async function ask(query = '{ product(id: "1") { name reviews { stars } } }') {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    // One connection each, so that all workers get some.
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
}

const operations = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${metricsPort}${path}`, init);

async function workerPids(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,args=', '--ppid', String(primary.pid)]);
  // The compiler that runs the source may be a child too.
  const workers = stdout.split('\n').filter((line) => line.includes('main.ts'));
  return workers.map((line) => Number.parseInt(line, 10));
}

async function requestsCounted(): Promise<number> {
  const text = await (await operations('/metrics')).text();
  return [...text.matchAll(/^gateway_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('all workers answer, and their metrics are summed', async () => {
  const before = await requestsCounted();
  const answers = await Promise.all(Array.from({ length: 40 }, () => ask()));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  await expect.poll(requestsCounted).toBe(before + 40);
  expect((await operations('/readyz')).status).toBe(200);
  expect(await (await operations('/metrics')).text()).toMatch(/gateway_schema_info\{.*\} 1\n/);
});

test('an invalidation reaches every worker', async () => {
  const body = JSON.stringify([{ kind: 'subgraph', subgraph: 'catalog' }]);
  expect((await operations('/invalidation', { method: 'POST', headers: { authorization: key }, body })).status).toBe(202);
  const unknown = JSON.stringify([{ kind: 'subgraph', subgraph: 'nobody' }]);
  expect((await operations('/invalidation', { method: 'POST', headers: { authorization: key }, body: unknown })).status).toBe(400);
});

test('SIGHUP replaces all workers without a failed request', { timeout: 150_000 }, async () => {
  const before = await workerPids();
  let isOver = false;
  const client = async () => {
    while (!isOver) expect(await ask()).toMatchObject({ status: 200 });
  };
  const clients = Promise.all([client(), client(), client()]);
  primary.kill('SIGHUP');
  await expect.poll(() => output, { timeout: 120_000 }).toContain('all workers replaced');
  isOver = true;
  await clients;
  const after = await workerPids();
  expect(after).toHaveLength(2);
  expect(after.filter((pid) => before.includes(pid))).toEqual([]);
});

test('a worker that dies is replaced', { timeout: 150_000 }, async () => {
  const [victim = 0] = await workerPids();
  process.kill(victim, 'SIGKILL');
  await expect.poll(() => output, { timeout: 60_000 }).toContain('a worker died and is replaced');
  await expect.poll(workerPids, { timeout: 60_000 }).toHaveLength(2);
  expect(await workerPids()).not.toContain(victim);
  expect(await ask()).toMatchObject({ status: 200 });
});

test('SIGTERM ends all of it', { timeout: 60_000 }, async () => {
  const pids = await workerPids();
  primary.kill('SIGTERM');
  expect(await once(primary, 'exit')).toEqual([0, null]);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
