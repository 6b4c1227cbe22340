import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { compose } from './compose.ts';
import type { Finding } from './finding.ts';
import { type SubgraphSource, UsageError, withSubgraphs } from './graph.ts';
import type { RegisteredOperation } from './operations.ts';

/** One published state of the whole graph. */
export interface Version {
  /** Counts from 1. */
  readonly number: number;
  readonly publishedAt: string;
  readonly by: string;
  readonly message: string;
  /** SHA-256 of each subgraph's SDL and its address. */
  readonly subgraphs: Readonly<Record<string, { readonly hash: string; readonly url: string }>>;
  /** SHA-256 of the supergraph. */
  readonly supergraph: string;
}

/** Who publishes, and why. */
export interface PublishNote {
  readonly by: string;
  readonly message: string;
  readonly now: Date;
}

/** What came of publishing. */
export interface Published {
  /** The newest version; null when the schemas do not compose. */
  readonly version: Version | null;
  /** False when the newest version had these schemas already. */
  readonly isNew: boolean;
  readonly findings: readonly Finding[];
}

/**
 * A registry in a folder, made for git: SDL by content hash, one append-only history, registered operations. Writing
 * goes through a lock folder and a rename, so that two publishes at once never leave half of one.
 */
export class FolderStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Every version, oldest first. */
  history(): Version[] {
    const file = join(this.folder, 'history.jsonl');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Version);
  }

  /** A version; the newest without a number. @throws {UsageError} when there is none. */
  version(number?: number): Version {
    const history = this.history();
    const found = number === undefined ? history.at(-1) : history.find((version) => version.number === number);
    if (!found)
      throw new UsageError(
        number === undefined ? `Nothing was published to ${this.folder} yet: use publish.` : `There is no version ${number}: see history.`,
      );
    return found;
  }

  /** The subgraphs of a version. */
  subgraphs(version: Version): SubgraphSource[] {
    return Object.entries(version.subgraphs).map(([name, { hash, url }]) => ({ name, url, sdl: this.read(hash), file: this.blob(hash) }));
  }

  /** The supergraph of a version. */
  supergraph(version: Version): string {
    return this.read(version.supergraph);
  }

  /** Composes the newest version with the changed subgraphs and stores the result. Nothing is stored when it does not compose. */
  publish(changed: readonly SubgraphSource[], note: PublishNote): Published {
    return this.locked(() => {
      const last = this.history().at(-1);
      const graph = withSubgraphs(last ? this.subgraphs(last) : [], changed);
      const { supergraph, findings } = compose(graph);
      if (supergraph === null) return { version: null, isNew: false, findings };
      const subgraphs = Object.fromEntries(graph.map(({ name, url, sdl }) => [name, { hash: this.write(sdl), url }]));
      if (last && isDeepStrictEqual(last.subgraphs, subgraphs)) return { version: last, isNew: false, findings };
      return { version: this.append(subgraphs, this.write(supergraph), note), isNew: true, findings };
    });
  }

  /** Publishes an old version again, as a new one. */
  rollback(number: number, note: PublishNote): Version {
    return this.locked(() => {
      const { subgraphs, supergraph } = this.version(number);
      return this.append(subgraphs, supergraph, note);
    });
  }

  /** Operations that clients send. */
  operations(): RegisteredOperation[] {
    const file = join(this.folder, 'operations.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RegisteredOperation[]) : [];
  }

  /** Adds operations; those with the same document and name get the clients of both. Returns how many are new. */
  pushOperations(operations: readonly RegisteredOperation[]): number {
    return this.locked(() => {
      const known = new Map(this.operations().map((operation) => [`${operation.hash} ${operation.name}`, operation]));
      const before = known.size;
      for (const operation of operations) {
        const key = `${operation.hash} ${operation.name}`;
        const clients = new Set([...(known.get(key)?.clients ?? []), ...operation.clients]);
        known.set(key, { ...operation, clients: [...clients].sort() });
      }
      const sorted = [...known.values()].sort((left, right) => left.name.localeCompare(right.name));
      this.replace(join(this.folder, 'operations.json'), `${JSON.stringify(sorted, null, 2)}\n`);
      return known.size - before;
    });
  }

  private append(subgraphs: Version['subgraphs'], supergraph: string, { by, message, now }: PublishNote): Version {
    const history = this.history();
    const version = { number: (history.at(-1)?.number ?? 0) + 1, publishedAt: now.toISOString(), by, message, subgraphs, supergraph };
    this.replace(join(this.folder, 'history.jsonl'), `${[...history, version].map((entry) => JSON.stringify(entry)).join('\n')}\n`);
    return version;
  }

  private blob(hash: string): string {
    return join(this.folder, 'schemas', `${hash}.graphql`);
  }

  private read(hash: string): string {
    const text = readFileSync(this.blob(hash), 'utf8');
    if (sha256(text) !== hash)
      throw new UsageError(`${this.blob(hash)} was changed by hand: its content no longer fits its name. Restore it from git.`);
    return text;
  }

  private write(text: string): string {
    const hash = sha256(text);
    mkdirSync(join(this.folder, 'schemas'), { recursive: true });
    if (!existsSync(this.blob(hash))) this.replace(this.blob(hash), text);
    return hash;
  }

  private replace(file: string, text: string): void {
    const draft = `${file}.${process.pid}.draft`;
    writeFileSync(draft, text);
    renameSync(draft, file);
  }

  private locked<Result>(work: () => Result): Result {
    mkdirSync(this.folder, { recursive: true });
    const lock = join(this.folder, '.lock');
    try {
      mkdirSync(lock);
    } catch (cause) {
      throw new UsageError(
        `Somebody else is writing to ${this.folder}: try again. If nobody is, remove ${lock}. (${(cause as Error).message})`,
      );
    }
    try {
      return work();
    } finally {
      rmdirSync(lock);
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
