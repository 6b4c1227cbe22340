import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** What a changed file means for the running graph. */
export type Change =
  | { readonly kind: 'subgraph'; readonly name: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'database'; readonly name: string }
  | { readonly kind: 'gateway' }
  | { readonly kind: 'packages' }
  | { readonly kind: 'list' };

/** Editors write in several steps, and a person saves several files at once. */
const QUIET_MS = 40;

/** Where sources are, and which subgraphs to watch. */
export interface WatchOptions {
  readonly root: string;
  readonly subgraphs: readonly string[];
  /** Told what changed, all of what happened at about the same time at once. */
  readonly onChanges: (changes: readonly Change[]) => void;
}

/** Watches the sources until it is stopped; resolves once it sees every change. */
export async function watchSources({ root, subgraphs, onChanges }: WatchOptions): Promise<() => Promise<void>> {
  const folders = subgraphs.flatMap((name) => [join(root, 'subgraphs', name, 'src'), join(root, 'prisma', name, 'schema.prisma')]);
  const shared = [join('gateway', 'src'), 'services', 'packages', 'supergraph.yaml'].map((path) => join(root, path));
  const watcher = watch([...folders, ...shared], {
    ignoreInitial: true,
    ignored: (path) => isOfNoInterest(path),
  });
  const pending = new Map<string, Change>();
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', (_event, path) => {
    const change = meaningOf(relative(root, path));
    if (change === undefined) return;
    pending.set(JSON.stringify(change), change);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const changes = [...pending.values()];
      pending.clear();
      onChanges(changes);
    }, QUIET_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}

/** What a changed file, by its path below the root, concerns; undefined for what no process runs. */
export function meaningOf(path: string): Change | undefined {
  const [top = '', name = '', third = ''] = path.split(sep);
  if (path === 'supergraph.yaml') return { kind: 'list' };
  if (!/\.(ts|json|proto|prisma)$/.test(path) || /\.test\.ts$/.test(path)) return undefined;
  if (top === 'prisma') return path.endsWith('schema.prisma') ? { kind: 'database', name } : undefined;
  if (top === 'subgraphs' && third === 'src') return { kind: 'subgraph', name };
  if (top === 'services' && third === 'src') return { kind: 'service', name };
  if (top === 'gateway') return { kind: 'gateway' };
  return top === 'packages' && third === 'src' ? { kind: 'packages' } : undefined;
}

function isOfNoInterest(path: string): boolean {
  return /[\\/](node_modules|coverage|gen|data[\\/]client)([\\/]|$)/.test(path);
}
