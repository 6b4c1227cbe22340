import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contestant, uncached } from '../contestants.ts';
import type { Operation } from '../load.ts';
import { freePorts, type Measured, measure, nothingYet } from '../measure.ts';
import { otherCore, PinnedProcess, pin } from '../pinned-process.ts';
import { toRow } from '../report.ts';
import { composeGrowth } from './subgraphs.ts';

/** One point of a curve: how many subgraphs there are and what is asked of them. */
interface Point {
  readonly size: number;
  readonly subgraphs: number;
  readonly next: () => Operation;
}

const operation = (query: string): (() => Operation) => {
  const fixed = { query };
  return () => fixed;
};

const hops = (depth: number): string => (depth === 0 ? 'id' : `next${depth} { ${hops(depth - 1)} }`);
const facts = (count: number): string => Array.from({ length: count }, (_, n) => `fact${n}`).join(' ');

/** Operations that differ in their text, drawn evenly. */
function distinct(count: number): () => Operation {
  let n = 0;
  return () => ({ query: `query Q${n++ % count} { items(first: 5) { id fact0 fact1 } }` });
}

const curves: Readonly<Record<string, readonly Point[]>> = {
  'entities in one answer': [10, 100, 1_000, 10_000].map((size) => ({
    size,
    subgraphs: 4,
    next: operation(`{ items(first: ${size}) { id fact0 fact1 } }`),
  })),
  'fetches after each other': [1, 2, 4, 8].map((size) => ({
    size,
    subgraphs: 9,
    next: operation(`{ items(first: 5) { ${hops(size)} } }`),
  })),
  'subgraphs asked': [4, 16, 64].map((size) => ({ size, subgraphs: size, next: operation(`{ items(first: 5) { id ${facts(size)} } }`) })),
  'distinct operations': [1, 100, 10_000, 100_000].map((size) => ({ size, subgraphs: 4, next: distinct(size) })),
};

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    report: { type: 'boolean', default: false },
  },
});

/** The gateway as it is measured elsewhere, but with limits that let large work through. */
const contestant: Contestant = {
  ...uncached,
  command: (setting) => {
    const command = uncached.command(setting);
    return { ...command, env: { ...command.env, MAX_PAGE_SIZE: '10000', MAX_COST: '1000000', MAX_ALIASES: '1000' } };
  },
};

async function measurePoint({ subgraphs, next }: Point): Promise<Measured> {
  const firstPort = await freePorts(subgraphs);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const supergraphFile = join(scratch, 'supergraph.graphql');
  writeFileSync(supergraphFile, composeGrowth(subgraphs, firstPort));
  await using _subgraphs = PinnedProcess.start(otherCore, {
    args: ['--import', 'tsx', new URL('subgraphs.ts', import.meta.url).pathname, String(subgraphs), String(firstPort)],
  });
  const result = nothingYet();
  const round = {
    next,
    connections: 8,
    warmUpMs: 1_500,
    durationMs: Number(options.seconds) * 1_000,
    subgraphCalls: () => Promise.resolve(0),
  };
  await measure(contestant, { firstPort, supergraphFile }, round, result);
  rmSync(scratch, { recursive: true });
  return result;
}

pin(process.pid, otherCore);
const sections: string[] = [];
for (const [name, points] of Object.entries(curves)) {
  if (!name.includes(options.only)) continue;
  const lines = [`| ${name} | CPU ms per request | p50 ms | p99 ms | MiB |`, '| --: | --: | --: | --: | --: |'];
  for (const point of points) {
    const { cost, p50Ms, p99Ms, memoryMiB } = toRow(contestant, await measurePoint(point));
    lines.push(
      `| ${point.size.toLocaleString('en')} | ${cost.toFixed(2)} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} | ${memoryMiB.toFixed(0)} |`,
    );
    process.stderr.write(`${name}: ${point.size}\n`);
  }
  sections.push(lines.join('\n'));
}
const text = sections.join('\n\n');
process.stdout.write(`${text}\n`);
if (options.report) {
  const results = new URL('../results/', import.meta.url).pathname;
  mkdirSync(results, { recursive: true });
  writeFileSync(
    join(results, 'growth.md'),
    `# Cost as work grows\n\nOurs, uncached, without sharing, 8 connections, one core.\n\n${text}\n`,
  );
}
