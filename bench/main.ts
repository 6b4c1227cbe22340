import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { request } from 'undici';
import { bareBytes, bareFetches, contestants, stock } from './contestants.ts';
import { freePorts, type Measured, measure, nothingYet } from './measure.ts';
import { otherCore, PinnedProcess, pin } from './pinned-process.ts';
import { markdownTable, type Row, svgChart, toRow } from './report.ts';
import { composeSupergraph } from './supergraph.ts';
import { type WorkloadName, workloads } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string', default: 'public' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    // Some gateways take ten seconds until their code is compiled for speed; nobody's gateway runs for less.
    warmup: { type: 'string', default: '10' },
    connections: { type: 'string', default: '16' },
    only: { type: 'string', default: '' },
    report: { type: 'boolean', default: false },
  },
});

const results = new URL('results/', import.meta.url).pathname;

/** Measures all gateways in turn, several rounds, so that a noisy moment meets all of them. */
async function main(): Promise<void> {
  const workload = options.workload as WorkloadName;
  const query = workloads[workload];
  if (query === undefined) throw new RangeError(`--workload must be one of ${Object.keys(workloads).join(', ')}`);
  pin(process.pid, otherCore);
  const firstPort = await freePorts(5);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const supergraphFile = join(scratch, 'supergraph.graphql');
  writeFileSync(supergraphFile, composeSupergraph(firstPort));
  await using _subgraphs = PinnedProcess.start(otherCore, {
    args: ['--import', 'tsx', new URL('subgraph-server.ts', import.meta.url).pathname, String(firstPort)],
  });
  const measured = new Map<string, Measured>();
  const chosen = contestants().filter(({ name }) => options.only === '' || options.only.split(';').includes(name));
  const round = {
    next: () => ({ query }),
    connections: Number(options.connections),
    warmUpMs: Number(options.warmup) * 1_000,
    durationMs: Number(options.seconds) * 1_000,
    subgraphCalls: () => countCalls(firstPort),
  };
  for (let n = 0; n < Number(options.rounds); n++) {
    for (const contestant of chosen) {
      const result = measured.get(contestant.name) ?? nothingYet();
      await measure(contestant, { firstPort, supergraphFile }, round, result);
      measured.set(contestant.name, result);
      process.stderr.write(`round ${n + 1}: ${contestant.name}\n`);
    }
  }
  rmSync(scratch, { recursive: true });
  const rows = chosen.map((contestant) => toRow(contestant, measured.get(contestant.name) ?? nothingYet()));
  publish(workload, rows);
}

function publish(workload: WorkloadName, rows: readonly Row[]): void {
  const find = ({ name }: { name: string }) => rows.find((row) => row.name === name);
  const table = markdownTable(rows, { stock: find(stock), bareFetches: find(bareFetches), bareBytes: find(bareBytes) });
  const setting = `${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s each after ${options.warmup} s of warming up, Node ${process.version}; every gateway alone on one core, subgraphs and load on another.`;
  process.stdout.write(`\nWorkload \`${workload}\`, ${setting}\n\n${table}\n`);
  if (!options.report) return;
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${workload}.md`), `# Workload \`${workload}\`\n\n${setting}\n\n${table}\n`);
  writeFileSync(join(results, `${workload}.svg`), svgChart(`Requests per CPU second, workload ${workload}`, rows));
}

async function countCalls(firstPort: number): Promise<number> {
  const { body } = await request(`http://127.0.0.1:${firstPort}/count`);
  return Number(await body.text());
}

await main();
