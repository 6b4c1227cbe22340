import { execFileSync } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@app/observability';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WorkerPool } from './worker-pool.ts';

/** A worker that starts as the file `start` beside it says. */
const program = `
const { readFileSync } = require('node:fs');
const how = readFileSync(__dirname + '/start', 'utf8');
process.once('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 1_000);
if (how === 'fails') process.exit(7);
if (how !== 'hangs') process.send({ kind: 'serving', subgraphs: ['a'] });
`;

let folder: string;
let pool: WorkerPool;

const startsWell = () => writeFile(join(folder, 'start'), 'serves');
const startFails = () => writeFile(join(folder, 'start'), 'fails');
const startHangs = () => writeFile(join(folder, 'start'), 'hangs');
const workers = () => Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker !== undefined);
const pids = () => workers().map(({ process: { pid } }) => pid);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-worker-pool-'));
  const exec = join(folder, 'worker.cjs');
  await writeFile(exec, program);
  cluster.setupPrimary({ exec, execArgv: [] });
});
afterEach(() => pool.stop());
afterAll(() => rm(folder, { recursive: true }));

async function startPool({ startTimeoutMs = 20_000 } = {}): Promise<WorkerPool> {
  await startsWell();
  const logger = createLogger({ service: 'test', level: 'silent' });
  pool = new WorkerPool({ size: 2, logger, startTimeoutMs, endTimeoutMs: 2_000 });
  await pool.start();
  return pool;
}

async function kill(worker: Worker | undefined): Promise<void> {
  if (worker === undefined) throw new Error('There is no such worker.');
  const ended = once(worker, 'exit');
  worker.process.kill('SIGKILL');
  await ended;
}

test('a restart replaces all workers', async () => {
  const running = await startPool();
  const before = pids();
  await running.restart();
  expect(pids()).toHaveLength(2);
  expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
});

test('a restart that failed leaves the old workers, and the next one replaces them', async () => {
  const running = await startPool();
  const before = pids();
  await startFails();
  await expect(running.restart()).rejects.toThrow('A worker ended before it served (7).');
  expect(pids()).toEqual(before);
  await startsWell();
  await running.restart();
  expect(pids()).toHaveLength(2);
  expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
});

test('a worker that cannot be started at all ends nobody else', async () => {
  const running = await startPool();
  const before = pids();
  cluster.setupPrimary({ cwd: join(folder, 'nowhere') });
  await expect(running.restart()).rejects.toThrow('ENOENT');
  cluster.setupPrimary({ cwd: folder });
  expect(running.serving).toBe(2);
  await running.restart();
  expect(running.serving).toBe(2);
  expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
});

test('a worker that hangs at its start is ended, and holds up no later restart', async () => {
  const running = await startPool({ startTimeoutMs: 3_000 });
  const before = pids();
  await startHangs();
  await expect(running.restart()).rejects.toThrow('A worker did not serve within 3000 ms (SIGKILL).');
  expect(pids()).toEqual(before);
  await startsWell();
  await running.restart();
  expect(running.serving).toBe(2);
});

test.each([0, 1])('worker %i dies during a restart: there are as many as before', async (index) => {
  const running = await startPool();
  const before = pids();
  const restarted = running.restart();
  await kill(workers()[index]);
  await restarted;
  await expect.poll(() => running.serving).toBe(2);
  // Longer than the pause before the one that died is replaced.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(running.serving).toBe(2);
  expect(pids()).toHaveLength(2);
  expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
});

const stateOf = (worker: Worker | undefined) =>
  execFileSync('ps', ['-o', 'stat=', '-p', String(worker?.process.pid)])
    .toString()
    .trim();

test('what is told to a worker that has just died harms nobody', async () => {
  const running = await startPool();
  const [victim] = workers();
  const ended = once(victim as Worker, 'exit');
  victim?.process.kill('SIGKILL');
  // Without a turn of the event loop, which would notice its end.
  for (let tries = 0; tries < 500 && !stateOf(victim).startsWith('Z'); tries++);
  expect(stateOf(victim)).toMatch(/^Z/);
  running.broadcast({ kind: 'written', subgraph: 'a', written: {} });
  await ended;
  await expect.poll(() => running.serving).toBe(2);
});

test('a worker that dies while the pool stops is not replaced', async () => {
  const running = await startPool();
  await kill(workers()[0]);
  await running.stop();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(pids()).toEqual([]);
});
