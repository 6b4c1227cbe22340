import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { lineProgress, projectLayout, startThrowawaySupergraph } from '@app/platform';
import { DEMO_PASSWORD, demoLogins } from '../../prisma/seed/people/demo-logins.ts';
import { towns } from '../../prisma/seed/world.ts';
import { Client } from '../load.ts';
import { cpuSecondsOf, gatewayCore, memoryMiBOf, otherCore, pin } from '../pinned-process.ts';
import { hitsBetween, readLookups } from './cache-hits.ts';
import { type Freshness, watchFreshness } from './freshness.ts';
import { storefrontMix } from './mix.ts';
import { enter } from './shop.ts';

/** One way to run the same supergraph. */
interface Variant {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the others are compared with. */
const noCache = 'no cache';

const variants: readonly Variant[] = [
  { name: 'stock executor, subgraph caches', env: { EXECUTOR: 'stock', ENTITY_CACHE: 'false', RESPONSE_CACHE: 'false' } },
  { name: noCache, env: { ENTITY_CACHE: 'false', RESPONSE_CACHE: 'false', SUBGRAPH_CACHE: 'false' } },
  { name: 'subgraph caches', env: { ENTITY_CACHE: 'false', RESPONSE_CACHE: 'false' } },
  { name: 'and entity cache', env: { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'false' } },
  { name: 'and response cache', env: { ENTITY_CACHE: 'false', RESPONSE_CACHE: 'true' } },
  { name: 'all three caches', env: { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' } },
];

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    // Processes that have just started compile; behind caches they are asked seldom, and take minutes until they run as they do all day.
    warmup: { type: 'string', default: '240' },
    connections: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    report: { type: 'boolean', default: false },
  },
});

/** What was measured of one variant. */
interface Result {
  readonly name: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU seconds per 1,000 requests: the gateway alone, and with subgraphs and databases. */
  readonly gatewayCost: number;
  readonly wholeCost: number;
  readonly memoryMiB: number;
  /** Shares of the gateway's lookups that were answered out of its caches. */
  readonly responseHits: string;
  readonly entityHits: string;
  readonly freshness: Freshness;
}

async function main(): Promise<void> {
  pin(process.pid, otherCore);
  const chosen = variants.filter(({ name }) => options.only === '' || options.only.split(';').includes(name));
  const results: Result[] = [];
  for (const variant of chosen) {
    process.stderr.write(`${variant.name}\n`);
    results.push(await measure(variant));
  }
  publish(results);
}

async function measure({ name, env }: Variant): Promise<Result> {
  const generous = { RATE_ANONYMOUS: '1000000000', RATE_USER: '1000000000', RATE_FIELDS: 'sessionCreate=1000', RATE_REFILL_SECONDS: '1' };
  const running = await startThrowawaySupergraph({
    layout: projectLayout(new URL('../..', import.meta.url).pathname.replace(/\/$/, '')),
    env: { ...process.env, ...generous, ...env },
    nodeArgs: ['--import=tsx'],
    progress: lineProgress(() => undefined),
    onProcessEvent: (event) => {
      if (process.env['BENCH_VERBOSE'] !== undefined && event.kind === 'line') process.stderr.write(`${event.name}: ${event.line}\n`);
    },
    seedScale: 1,
  });
  try {
    const gateway = running.processes().find((process) => process.name === 'gateway')?.pid ?? 0;
    pin(gateway, gatewayCore);
    await using client = new Client(running.gatewayUrl, Number(options.connections));
    await using reader = new Client(running.gatewayUrl, 2);
    const [town] = towns(1);
    const emails = (town?.people() ?? []).slice(10, 21).map(({ email }) => email);
    const shop = await enter(client, { emails, catalogManager: demoLogins[3]?.email ?? '', password: DEMO_PASSWORD });
    const mix = storefrontMix(shop, options.seed);
    await client.loadFor(Number(options.warmup) * 1_000, mix);
    let isOver = false;
    const metricsUrl = `http://localhost:${running.config.metricsPort}/metrics`;
    const before = await readLookups(metricsUrl);
    const [cpu, whole, startedAt] = [cpuSecondsOf(gateway), cpuSecondsOf(process.pid), performance.now()];
    const freshness = watchFreshness(reader, shop, () => isOver);
    const latenciesMs = (await client.loadFor(Number(options.seconds) * 1_000, mix)).sort((a, b) => a - b);
    const seconds = (performance.now() - startedAt) / 1_000;
    const per1000 = (cpuSeconds: number) => (cpuSeconds / latenciesMs.length) * 1_000;
    const costs = { gatewayCost: per1000(cpuSecondsOf(gateway) - cpu), wholeCost: per1000(cpuSecondsOf(process.pid) - whole) };
    isOver = true;
    const after = await readLookups(metricsUrl);
    return {
      name,
      ...costs,
      perSecond: latenciesMs.length / seconds,
      p50Ms: at(latenciesMs, 0.5),
      p99Ms: at(latenciesMs, 0.99),
      memoryMiB: memoryMiBOf(gateway),
      responseHits: hitsBetween(before, after, 'response'),
      entityHits: hitsBetween(before, after, 'entity'),
      freshness: await freshness,
    };
  } finally {
    await running.stop();
  }
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

function publish(results: readonly Result[]): void {
  const base = results.find(({ name }) => name === noCache);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = results.map(({ name, perSecond, p50Ms, p99Ms, gatewayCost, wholeCost, memoryMiB, freshness, ...hits }) => {
    const seen = freshness.seenAfterMs.toSorted((a, b) => a - b);
    return line([
      name,
      perSecond.toFixed(0),
      base === undefined ? '' : `${(perSecond / base.perSecond).toFixed(1)} ×`,
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
      gatewayCost.toFixed(2),
      wholeCost.toFixed(2),
      memoryMiB.toFixed(0),
      hits.entityHits,
      hits.responseHits,
      `${freshness.staleForWriter} of ${freshness.changes}`,
      `${at(seen, 0.5).toFixed(0)} / ${at(seen, 0.99).toFixed(0)}`,
    ]);
  });
  const head = [
    'variant',
    'requests/s',
    '× no cache',
    'p50 ms',
    'p99 ms',
    'gateway CPU s per 1,000',
    'CPU s per 1,000, all and load',
    'gateway MiB',
    'hits: entities and root fields',
    'hits: whole answers',
    'stale for the writer',
    'first fresh answer to others: asked after ms, p50 / p99',
  ];
  const table = [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows].join('\n');
  const setting = `${options.connections} connections, ${options.seconds} s each after ${options.warmup} s of warming up, seed ${options.seed}, Node ${process.version}; the gateway alone on one core, everything else on another; 95 % reads, 5 % writes.`;
  process.stdout.write(`\nStorefront mix, ${setting}\n\n${table}\n`);
  if (!options.report) return;
  const folder = new URL('../results/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}storefront.md`, `# Storefront mix\n\n${setting}\n\n${table}\n`);
}

await main();
process.exit();
