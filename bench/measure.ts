import { createServer } from 'node:net';
import type { Contestant, Setting } from './contestants.ts';
import { Client, type Operation } from './load.ts';
import { gatewayCore, PinnedProcess } from './pinned-process.ts';

/** What was measured of one gateway, over all rounds. */
export interface Measured {
  requests: number;
  seconds: number;
  cpuSeconds: number;
  latenciesMs: number[];
  memoryMiB: number;
  subgraphCalls: number;
}

export const nothingYet = (): Measured => ({ requests: 0, seconds: 0, cpuSeconds: 0, latenciesMs: [], memoryMiB: 0, subgraphCalls: 0 });

/** How a round goes. */
export interface Round {
  readonly next: () => Operation;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Calls that the subgraphs have answered so far. */
  readonly subgraphCalls: () => Promise<number>;
}

/** One round for one gateway, in a process of its own that has a core to itself. */
export async function measure(contestant: Contestant, setting: Omit<Setting, 'port'>, round: Round, result: Measured): Promise<void> {
  const port = await freePorts(1);
  await using gateway = PinnedProcess.start(gatewayCore, contestant.command({ ...setting, port }));
  await using client = new Client(`http://127.0.0.1:${port}/graphql`, round.connections);
  await client.untilReady(round.next(), () => gateway.hasEnded);
  await client.loadFor(round.warmUpMs, round.next);
  const [cpu, calls, startedAt] = [gateway.cpuSeconds(), await round.subgraphCalls(), performance.now()];
  const latenciesMs = await client.loadFor(round.durationMs, round.next);
  result.seconds += (performance.now() - startedAt) / 1_000;
  result.cpuSeconds += gateway.cpuSeconds() - cpu;
  result.subgraphCalls += (await round.subgraphCalls()) - calls;
  result.requests += latenciesMs.length;
  for (const latencyMs of latenciesMs) result.latenciesMs.push(latencyMs);
  result.memoryMiB = Math.max(result.memoryMiB, gateway.memoryMiB());
}

/** The first of some ports that follow each other and are free, below those that the kernel gives to clients. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 15_000 + Math.floor(Math.random() * 15_000);
    const free = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
