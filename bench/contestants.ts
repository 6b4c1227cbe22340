import { existsSync } from 'node:fs';
import type { Command } from './pinned-process.ts';

/** What a gateway is told. */
export interface Setting {
  readonly port: number;
  /** Port of the first subgraph; the others follow. */
  readonly firstPort: number;
  readonly supergraphFile: string;
}

/** One gateway under measurement. */
export interface Contestant {
  readonly name: string;
  /** Whether identical calls to subgraphs that are under way at the same time are made once. */
  readonly sharing: 'yes' | 'no' | '-';
  command(setting: Setting): Command;
}

const folder = new URL('.', import.meta.url).pathname;
const peers = `${folder}peers/`;

/** The gateway as `npm run gateway` starts it: every limit is on, only the budget of the one client is larger. */
function ours(name: string, sharing: 'yes' | 'no', env: Record<string, string>): Contestant {
  return {
    name,
    sharing,
    command: ({ port, supergraphFile }) => ({
      args: [...profiling(), `${folder}../gateway/src/main.ts`, '--supergraph', supergraphFile, '--port', String(port)],
      env: {
        LOG_LEVEL: 'error',
        METRICS_PORT: '0',
        RATE_ANONYMOUS: '1000000000',
        RATE_REFILL_SECONDS: '1',
        SHARE_IN_FLIGHT: sharing === 'yes' ? 'true' : 'false',
        ENTITY_CACHE: 'false',
        RESPONSE_CACHE: 'false',
        ...env,
      },
    }),
  };
}

function script(name: string, sharing: Contestant['sharing'], file: string): Contestant {
  return {
    name,
    sharing,
    command: ({ port, firstPort }) => ({
      args: [...profiling(), '--import', 'tsx', `${folder}gateways/${file}`, String(port), String(firstPort)],
    }),
  };
}

function hive(name: string, planner: 'js' | 'rust'): Contestant {
  return {
    name,
    sharing: 'yes',
    command: ({ port, supergraphFile }) => ({
      args: [
        `${peers}node_modules/.bin/hive-gateway`,
        ...['supergraph', supergraphFile, '--port', String(port), '--host', '127.0.0.1', '--fork', '1'],
        ...(planner === 'rust' ? ['--hive-router-runtime'] : []),
      ],
      cwd: peers,
      env: { LOG_LEVEL: 'error' },
    }),
  };
}

function mercurius(name: string, jit: number): Contestant {
  return {
    name,
    sharing: 'no',
    command: ({ port, firstPort }) => ({ args: [`${peers}mercurius.mjs`, String(port), String(firstPort), String(jit)], cwd: peers }),
  };
}

export const stock = script('stock Apollo Gateway', 'no', 'stock.ts');
export const bareFetches = script('bare Node, same fetches', 'no', 'bare.ts');
export const bareBytes = script('bare Node, same bytes', '-', 'bytes.ts');
export const uncached = ours('ours', 'no', {});

/** Everything that is measured side by side; peers only when they are installed. */
export function contestants(): Contestant[] {
  const own = [
    uncached,
    ours('ours, sharing', 'yes', {}),
    ours('ours, entity cache', 'no', { ENTITY_CACHE: 'true' }),
    ours('ours, response cache', 'no', { RESPONSE_CACHE: 'true' }),
    stock,
  ];
  const others = [
    hive('Hive Gateway, JavaScript', 'js'),
    hive('Hive Gateway, Rust planner', 'rust'),
    mercurius('Mercurius', 0),
    mercurius('Mercurius, jit', 1),
  ];
  return [...own, ...(existsSync(`${peers}node_modules`) ? others : []), bareFetches, bareBytes];
}

function profiling(): string[] {
  return process.env['BENCH_PROFILE'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env['BENCH_PROFILE']}`];
}
