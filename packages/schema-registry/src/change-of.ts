import type { Finding } from './finding.ts';
import { readGraph, type SubgraphSource, UsageError } from './graph.ts';
import type { RegistryStore } from './registry-store.ts';

/** What a command line says about a change. */
export interface ChangeOptions {
  /** File with the subgraphs. */
  readonly config: string;
  /** Only these of them; all when left out. */
  readonly subgraph?: readonly string[] | undefined;
  /** Subgraphs that leave the graph. */
  readonly remove?: readonly string[] | undefined;
  readonly store: RegistryStore;
}

/** A change of the graph. */
export interface Change {
  readonly changed: readonly SubgraphSource[];
  readonly removed: readonly string[];
  /** What somebody may have meant otherwise. */
  readonly notices: readonly Finding[];
}

/**
 * Reads what changes. A subgraph that the registry has and the file has not stays, since another repository may own it; when the whole file is
 * meant, that is said.
 * @throws {UsageError} for names that are not there.
 */
export async function changeOf({ config, subgraph: only = [], remove = [], store }: ChangeOptions): Promise<Change> {
  const graph = readGraph(config);
  const names = graph.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new UsageError(`There is no subgraph ${unknown.join(', ')}: there are ${names.join(', ')}.`);
  const known = Object.keys((await store.history(1)).at(-1)?.subgraphs ?? {});
  for (const name of remove) {
    if (!known.includes(name))
      throw new UsageError(`The registry has no subgraph ${name} to remove: it has ${known.join(', ') || 'none'}.`);
    if (names.includes(name)) throw new UsageError(`${name} is to be removed and still in ${config}: take it out there.`);
  }
  const changed = graph.filter(({ name }) => only.length === 0 || only.includes(name));
  const left = only.length > 0 ? [] : known.filter((name) => !names.includes(name) && !remove.includes(name));
  return { changed, removed: remove, notices: left.map((name) => leftFinding(name, config)) };
}

function leftFinding(name: string, file: string): Finding {
  return {
    severity: 'warning',
    code: 'SUBGRAPH_NOT_CONFIGURED',
    message: `The registry has the subgraph ${name}, ${file} does not: it stays in the graph.`,
    place: { file, line: 1, column: 1 },
    wayOut: `--remove ${name} takes it out; --subgraph NAME says that only those of this repository are meant.`,
  };
}
