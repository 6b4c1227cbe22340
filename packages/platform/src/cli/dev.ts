import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { DevLoop } from '../dev/dev-loop.ts';
import { GraphDesk } from '../dev/graph-desk.ts';
import { remoteSubgraphs } from '../dev/remote-graph.ts';
import { SchemaPrinter } from '../dev/schema-printer.ts';
import { watchSources } from '../dev/watch-sources.ts';
import { PlatformError } from '../platform-error.ts';
import type { RunningSupergraph } from '../supergraph.ts';
import { type StartCommandOptions, startCommand } from './start.ts';

/** What `npm run dev` works with. */
export interface DevCommandOptions extends Omit<StartCommandOptions, 'whileRunning'> {
  readonly args: readonly string[];
}

/** Which subgraphs are watched, and where those are that do not run here. */
interface DevPlan {
  readonly watched: readonly string[];
  readonly remote: ReadonlyMap<string, string>;
}

/**
 * `npm run dev [-- SUBGRAPH …] [--remote SUPERGRAPH]`: a start that follows the sources. With names, only those
 * subgraphs are watched; with `--remote`, the others are not started: they are where that supergraph says.
 *
 * @throws what startCommand throws; PlatformError `WRONG_GRAPH` for a subgraph that is not in supergraph.yaml.
 */
export async function devCommand({ args, ...options }: DevCommandOptions): Promise<number> {
  const plan = await planOf(options, args);
  const stopHint = `Watching ${plan.watched.join(', ')}. ${options.stopHint}`;
  return startCommand({ ...options, stopHint, remote: plan.remote, whileRunning: (running) => follow(options, plan, running) });
}

async function planOf({ env, layout }: Omit<DevCommandOptions, 'args'>, args: readonly string[]): Promise<DevPlan> {
  const { values, positionals } = parse(args);
  const known = readConfig(env, layout.root).subgraphs.map(({ name }) => name);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new PlatformError(
      'WRONG_GRAPH',
      `There is no subgraph ${unknown.join(', ')}.`,
      `Name one of ${known.join(', ')}, or none for all of them.`,
    );
  const watched = positionals.length === 0 ? known : positionals;
  if (values.remote === undefined) return { watched, remote: new Map() };
  const elsewhere = [...(await remoteSubgraphs(values.remote))].filter(([name]) => known.includes(name) && !watched.includes(name));
  return { watched, remote: new Map(elsewhere) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { remote: { type: 'string' } }, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('WRONG_VARIABLE', message, 'Use npm run dev -- [SUBGRAPH …] [--remote SUPERGRAPH].', { cause });
  }
}

/** Follows the sources until it is stopped. */
async function follow(options: Omit<DevCommandOptions, 'args'>, plan: DevPlan, running: RunningSupergraph): Promise<() => Promise<void>> {
  const { layout, env, write } = options;
  const surroundings = { cwd: layout.root, nodeArgs: ['--import=tsx'], env };
  const printer = new SchemaPrinter(surroundings);
  const graph = new GraphDesk(surroundings);
  const say = (text: string): void => write(`${text}\n`);
  const loop = new DevLoop({
    printer,
    graph,
    running,
    subgraphs: plan.watched,
    supergraphFile: running.supergraphFile,
    say,
    now: () => performance.now(),
  });
  const unwatch = await watchSources({ root: layout.root, subgraphs: plan.watched, onChanges: (changes) => loop.changed(changes) });
  return async () => {
    await unwatch();
    await Promise.all([printer.stop(), graph.stop()]);
  };
}
