import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { uncached } from '../contestants.ts';
import { Client } from '../load.ts';
import { freePorts } from '../measure.ts';
import { gatewayCore, otherCore, PinnedProcess, pin } from '../pinned-process.ts';
import { composeSupergraph } from '../supergraph.ts';
import { workloads } from '../workloads.ts';
import { type Latencies, Traffic } from './traffic.ts';

const { values: options } = parseArgs({
  options: {
    /** Known operations per second, all the time. */
    rate: { type: 'string', default: '200' },
    /** New operations per second, in the second half of each round. */
    new: { type: 'string', default: '28' },
    /** New ones before anything is measured, until V8 has compiled what they pass through. */
    'warm-up': { type: 'string', default: '6000' },
    seconds: { type: 'string', default: '20' },
    /** Known ones alone, beside others that have a plan, beside new ones, so many times. */
    rounds: { type: 'string', default: '4' },
    /** Afterwards: that many new operations. */
    operations: { type: 'string', default: '100000' },
    /** How long those take, known ones beside them; 0: as fast as they go, alone. */
    minutes: { type: 'string', default: '0' },
    report: { type: 'boolean', default: false },
  },
});
const [rate, newRate, warmUp] = [Number(options.rate), Number(options.new), Number(options['warm-up'])];
const [seconds, rounds] = [Number(options.seconds), Number(options.rounds)];
const [operations, minutes] = [Number(options.operations), Number(options.minutes)];

/** What is asked beside the known ones. */
const KINDS = ['alone', 'planned', 'new'] as const;
type Kind = (typeof KINDS)[number];

/** Each kind follows each other one equally often. */
async function inTurns(traffic: Traffic): Promise<Record<Kind, Latencies>> {
  const turns = {
    alone: (turnSeconds: number) => traffic.alone(turnSeconds),
    planned: (turnSeconds: number) => traffic.besidePlanned(newRate, turnSeconds),
    new: (turnSeconds: number) => traffic.besideNew(newRate, turnSeconds),
  };
  const sums: Record<Kind, Latencies> = { alone: nothing(), planned: nothing(), new: nothing() };
  for (let round = 0; round < rounds; round++) {
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      await turns[kind](seconds / 4);
      const { known, others } = await turns[kind](seconds);
      sums[kind].known.push(...known);
      sums[kind].others.push(...others);
    }
  }
  return sums;
}

const nothing = (): Latencies => ({ known: [], others: [] });

/** What a tenth of many new operations did to the others, and memory after it. */
interface Tenth extends Latencies {
  readonly asked: number;
  readonly mebibytes: number;
}

async function inTenths(traffic: Traffic, gateway: PinnedProcess): Promise<Tenth[]> {
  const tenths: Tenth[] = [];
  const inTime = { seconds: minutes * 6, perSecond: operations / (minutes * 60) };
  for (let tenth = 1; operations > 0 && tenth <= 10; tenth++) {
    let latencies = nothing();
    if (minutes > 0) latencies = await traffic.besideNew(inTime.perSecond, inTime.seconds);
    else await traffic.rush(operations / 10);
    const measured = { ...latencies, asked: (operations / 10) * tenth, mebibytes: gateway.memoryMiB() };
    process.stderr.write(`${tenthLine(measured)}\n`);
    tenths.push(measured);
  }
  return tenths;
}

function at(latenciesMs: readonly number[], share: number): string {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
}

const latencyLine = (name: string, latenciesMs: readonly number[]) =>
  `| ${name} | ${latenciesMs.length} | ${at(latenciesMs, 0.5)} | ${at(latenciesMs, 0.99)} | ${at(latenciesMs, 0.999)} |`;

const tenthLine = ({ asked, mebibytes, known, others }: Tenth) =>
  `| ${asked.toLocaleString('en')} | ${mebibytes.toFixed(0)} |${minutes > 0 ? ` ${at(known, 0.99)} | ${at(others, 0.99)} |` : ''}`;

function tenthsTable(tenths: readonly Tenth[]): string[] {
  if (tenths.length === 0) return [];
  const over = minutes > 0 ? `over ${minutes} minutes, ${rate} known ones a second beside them` : 'as fast as they go';
  const columns = minutes > 0 ? ' p99 ms of known ones | p99 ms of new ones |' : '';
  return [
    '',
    `${operations.toLocaleString('en')} more operations that nobody asked before, ${over}:`,
    '',
    `| operations | gateway MiB |${columns}`,
    `| --: | --: |${minutes > 0 ? ' --: | --: |' : ''}`,
    ...tenths.map(tenthLine),
  ];
}

pin(process.pid, otherCore);
const [firstPort, port] = [await freePorts(5), await freePorts(1)];
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
const supergraphFile = join(scratch, 'supergraph.graphql');
writeFileSync(supergraphFile, composeSupergraph(firstPort));
// Whoever measures does not wait for the core: it would count as the gateway's time.
await using _subgraphs = PinnedProcess.start(otherCore, {
  args: ['--import', 'tsx', new URL('../subgraph-server.ts', import.meta.url).pathname, String(firstPort)],
  niceness: 19,
});
const command = uncached.command({ firstPort, supergraphFile, port });
await using gateway = PinnedProcess.start(gatewayCore, { ...command, env: { ...command.env, RESPONSE_CACHE: 'true' } });
await using client = new Client(`http://127.0.0.1:${port}/graphql`, 64);
const known = { query: workloads.twoFetches };
await client.untilReady(known, () => gateway.hasEnded);
const traffic = new Traffic(client, known, rate);
await traffic.rush(warmUp);
const turns = await inTurns(traffic);
const tenths = await inTenths(traffic, gateway);
rmSync(scratch, { recursive: true });

const text = [
  `${rate} known operations a second, in turns ${seconds} s alone, beside ${newRate} others a second that have a plan but no answer that is kept, and beside ${newRate} new ones a second, each after ${seconds / 4} s of the same, ${rounds} times, there and back, in a process that had ${warmUp.toLocaleString('en')} new ones before; gateway and planning thread share one core, and known ones are answered from the response cache, so that nothing else is measured. Node ${process.version}.`,
  '',
  '| operations | count | p50 ms | p99 ms | p99.9 ms |',
  '| --- | --: | --: | --: | --: |',
  latencyLine('known, alone', turns.alone.known),
  latencyLine('known, beside others with a plan', turns.planned.known),
  latencyLine('known, beside new ones', turns.new.known),
  latencyLine('others with a plan', turns.planned.others),
  latencyLine('new', turns.new.others),
  ...tenthsTable(tenths),
].join('\n');
process.stdout.write(`\n${text}\n`);
if (options.report) {
  const folder = new URL('../results/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'planning.md'), `# New operations\n\n${text}\n`);
}
