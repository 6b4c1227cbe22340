import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { uncached } from '../contestants.ts';
import { Client, type Operation } from '../load.ts';
import { freePorts } from '../measure.ts';
import { gatewayCore, otherCore, PinnedProcess, pin } from '../pinned-process.ts';
import { composeSupergraph } from '../supergraph.ts';
import { workloads } from '../workloads.ts';
import { newOperation } from './operations.ts';

const { values: options } = parseArgs({
  options: {
    /** Known operations per second, all the time. */
    rate: { type: 'string', default: '200' },
    /** New operations per second, in the second half of each round. */
    new: { type: 'string', default: '28' },
    seconds: { type: 'string', default: '20' },
    /** Known ones alone, then beside new ones, so many times. */
    rounds: { type: 'string', default: '3' },
    /** Afterwards: that many new operations. */
    operations: { type: 'string', default: '100000' },
    /** How long those take; 0: as fast as they go. */
    minutes: { type: 'string', default: '0' },
    report: { type: 'boolean', default: false },
  },
});

/** Sends at a steady rate, whatever becomes of the answers before; latencies in milliseconds. */
async function paced(
  client: Client,
  { perSecond, seconds }: { perSecond: number; seconds: number },
  next: () => Operation,
): Promise<number[]> {
  const latenciesMs: number[] = [];
  const sent: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    const dueAt = startedAt + (n * 1_000) / perSecond;
    await sleep(Math.max(0, dueAt - performance.now()));
    const sentAt = Math.min(dueAt, performance.now());
    sent.push(client.post(next()).then(() => void latenciesMs.push(performance.now() - sentAt)));
  }
  await Promise.all(sent);
  return latenciesMs;
}

/** Memory after each tenth of many operations that nobody has asked before. */
async function memoryOver(gateway: PinnedProcess, client: Client, from: number): Promise<[asked: number, mebibytes: number][]> {
  const [count, seconds] = [Number(options.operations), Number(options.minutes) * 60];
  const samples: [number, number][] = [];
  let n = 0;
  const next = () => newOperation(from + n++);
  for (let tenth = 1; tenth <= 10; tenth++) {
    const until = Math.floor((count * tenth) / 10);
    const connection = async () => {
      while (n < until) await client.post(next());
    };
    if (seconds === 0) await Promise.all(Array.from({ length: 8 }, connection));
    else await paced(client, { perSecond: count / seconds, seconds: seconds / 10 }, next);
    samples.push([until, gateway.memoryMiB()]);
    process.stderr.write(`${until} operations: ${gateway.memoryMiB().toFixed(0)} MiB\n`);
  }
  return samples;
}

const at = (sorted: readonly number[], share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);

pin(process.pid, otherCore);
const [firstPort, port] = [await freePorts(5), await freePorts(1)];
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
const supergraphFile = join(scratch, 'supergraph.graphql');
writeFileSync(supergraphFile, composeSupergraph(firstPort));
await using _subgraphs = PinnedProcess.start(otherCore, {
  args: ['--import', 'tsx', new URL('../subgraph-server.ts', import.meta.url).pathname, String(firstPort)],
});
const command = uncached.command({ firstPort, supergraphFile, port });
await using gateway = PinnedProcess.start(gatewayCore, { ...command, env: { ...command.env, RESPONSE_CACHE: 'true' } });
await using client = new Client(`http://127.0.0.1:${port}/graphql`, 64);
const known = () => ({ query: workloads.twoFetches });
await client.untilReady(known(), () => gateway.hasEnded);
const [seconds, rounds] = [Number(options.seconds), Number(options.rounds)];
const [perSecond, newPerSecond] = [Number(options.rate), Number(options.new)];
let n = 0;
const alone = (forSeconds: number) => paced(client, { perSecond, seconds: forSeconds }, known);
const withNew = (forSeconds: number) =>
  Promise.all([alone(forSeconds), paced(client, { perSecond: newPerSecond, seconds: forSeconds }, () => newOperation(n++))]);
const calm: number[] = [];
const beside: number[] = [];
const fresh: number[] = [];
for (let round = 0; round < rounds; round++) {
  await alone(seconds / 4);
  calm.push(...(await alone(seconds)));
  await withNew(seconds / 4);
  const [knownOnes, newOnes] = await withNew(seconds);
  beside.push(...knownOnes);
  fresh.push(...newOnes);
}
for (const latencies of [calm, beside, fresh]) latencies.sort((a, b) => a - b);
const samples = Number(options.operations) === 0 ? [] : await memoryOver(gateway, client, n);
rmSync(scratch, { recursive: true });

const line = (name: string, sorted: readonly number[]) =>
  `| ${name} | ${sorted.length} | ${at(sorted, 0.5)} | ${at(sorted, 0.99)} | ${at(sorted, 0.999)} |`;
const minutes = options.minutes === '0' ? '' : `, over ${options.minutes} minutes`;
const text = [
  `${perSecond} known operations a second, in turns ${seconds} s alone and ${seconds} s beside ${newPerSecond} new ones a second, each after ${seconds / 4} s of the same, ${rounds} times; gateway and planning thread share one core, and known ones are answered from the response cache, so that nothing else is measured. Node ${process.version}.`,
  '',
  '| operations | count | p50 ms | p99 ms | p99.9 ms |',
  '| --- | --: | --: | --: | --: |',
  line('known, alone', calm),
  line('known, beside new ones', beside),
  line('new', fresh),
  ...(samples.length === 0 ? [] : ['', `| operations that nobody asked before${minutes} | gateway MiB |`, '| --: | --: |']),
  ...samples.map(([asked, mebibytes]) => `| ${asked.toLocaleString('en')} | ${mebibytes.toFixed(0)} |`),
].join('\n');
process.stdout.write(`\n${text}\n`);
if (options.report) {
  const folder = new URL('../results/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'planning.md'), `# New operations\n\n${text}\n`);
}
