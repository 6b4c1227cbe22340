import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { type WorkloadName, workloads } from './workloads.ts';

/** One gateway under measurement: a script and what it is told besides its ports. */
interface Contestant {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const CONTESTANTS: readonly Contestant[] = [
  { name: 'bare Node, same fetches', script: 'bare.ts', args: [] },
  { name: 'ours (executor)', script: 'ours-executor.ts', args: [] },
  { name: 'ours (executor, sharing)', script: 'ours-executor.ts', args: ['sharing'] },
  { name: 'stock Apollo Gateway', script: 'stock.ts', args: [] },
];

interface Measured {
  requests: number;
  seconds: number;
  cpuSeconds: number;
  latenciesMs: number[];
}

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string', default: 'public' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '16' },
    only: { type: 'string', default: '' },
  },
});

const TICKS_PER_SECOND = 100;
const started: ChildProcess[] = [];

async function main(): Promise<void> {
  const query = workloads[options.workload as WorkloadName];
  if (query === undefined) throw new RangeError(`--workload must be one of ${Object.keys(workloads).join(', ')}`);
  const firstPort = await freePorts(5);
  start('1', 'subgraph-server.ts', [String(firstPort)]);
  const results = new Map<string, Measured>();
  const contestants = CONTESTANTS.filter(({ name }) => name.includes(options.only));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const contestant of contestants) {
      const result = results.get(contestant.name) ?? { requests: 0, seconds: 0, cpuSeconds: 0, latenciesMs: [] };
      await measure(contestant, { query, firstPort, result });
      results.set(contestant.name, result);
    }
  }
  print(results);
}

/** One round for one gateway, in a process of its own that has the first core to itself. */
async function measure(
  { script, args }: Contestant,
  { query, firstPort, result }: { query: string; firstPort: number; result: Measured },
): Promise<void> {
  const port = await freePorts(1);
  const child = start('0', `gateways/${script}`, [String(port), String(firstPort), ...args]);
  const agent = new Agent({ connections: Number(options.connections) });
  const body = JSON.stringify({ query });
  const post = async () => {
    const response = await request(`http://127.0.0.1:${port}/`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.body.text();
    if (response.statusCode !== 200 || text.includes('"errors"'))
      throw new Error(`${script} answered ${response.statusCode}: ${text.slice(0, 300)}`);
  };
  await untilReady(post);
  await loadFor(1_500, post, []);
  const cpuBefore = cpuSeconds(child);
  const startedAt = performance.now();
  result.requests += await loadFor(Number(options.seconds) * 1_000, post, result.latenciesMs);
  result.seconds += (performance.now() - startedAt) / 1_000;
  result.cpuSeconds += cpuSeconds(child) - cpuBefore;
  await agent.close();
  await end(child);
}

async function loadFor(durationMs: number, post: () => Promise<void>, latenciesMs: number[]): Promise<number> {
  const until = performance.now() + durationMs;
  let requests = 0;
  const client = async () => {
    while (performance.now() < until) {
      const sentAt = performance.now();
      await post();
      latenciesMs.push(performance.now() - sentAt);
      requests++;
    }
  };
  await Promise.all(Array.from({ length: Number(options.connections) }, client));
  return requests;
}

async function untilReady(post: () => Promise<void>): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      return await post();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(100);
    }
  }
}

function start(core: string, script: string, args: readonly string[]): ChildProcess {
  const file = new URL(script, import.meta.url).pathname;
  const profile =
    process.env['BENCH_PROFILE'] !== undefined && script.includes(process.env['BENCH_PROFILE'])
      ? ['--cpu-prof', '--cpu-prof-dir=/tmp/bench-profile']
      : [];
  const child = spawn('taskset', ['-c', core, process.execPath, ...profile, '--import', 'tsx', file, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1' },
  });
  started.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await gone;
}

/** User and system time of a process and its threads, from the kernel. */
function cpuSeconds(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function freePorts(count: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port + count < 65_535 ? address.port : freePorts(count);
}

function print(results: ReadonlyMap<string, Measured>): void {
  const cost = (measured: Measured) => (measured.cpuSeconds / measured.requests) * 1_000;
  const stock = results.get('stock Apollo Gateway');
  const bare = results.get('bare Node, same fetches');
  const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
  console.log(
    `\nworkload ${options.workload}, ${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s, gateway on one core\n`,
  );
  row(['gateway', 'requests/s', 'p50 ms', 'p99 ms', 'CPU s per 1,000', 'per CPU second × stock', '% of bare']);
  row(Array.from({ length: 7 }, () => '---'));
  for (const [name, measured] of results) {
    const sorted = measured.latenciesMs.sort((a, b) => a - b);
    const percentile = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
    const against = (other: Measured | undefined, factor: number) =>
      other === undefined ? '' : ((cost(other) / cost(measured)) * factor).toFixed(1);
    row([
      name,
      (measured.requests / measured.seconds).toFixed(0),
      percentile(0.5),
      percentile(0.99),
      cost(measured).toFixed(2),
      against(stock, 1),
      against(bare, 100),
    ]);
  }
}

try {
  await main();
} finally {
  for (const child of started) await end(child);
}
