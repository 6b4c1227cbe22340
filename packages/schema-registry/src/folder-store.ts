import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from './compose.ts';
import type { Finding } from './finding.ts';
import { parseJson, readText, type SubgraphSource, UsageError, withSubgraphs } from './graph.ts';
import { assertHashes, type RegisteredOperation } from './operations.ts';
import {
  type CheckRequest,
  checkAgainst,
  isPublished,
  type Published,
  type PublishNote,
  type RegistryStore,
  type Version,
} from './registry-store.ts';
import { operationsInUse, type UsageFilter } from './usage-filter.ts';

/**
 * A registry in a folder, made for git: SDL by content hash, one append-only history, registered operations. Writing
 * goes through a lock folder and a rename, so that two publishes at once never leave half of one.
 */
export class FolderStore implements RegistryStore {
  private readonly folder: string;
  private readonly now: () => Date;

  /** @param now for the window of operations in use. */
  constructor(folder: string, now: () => Date = () => new Date()) {
    this.folder = folder;
    this.now = now;
  }

  async history(last?: number): Promise<Version[]> {
    return this.readHistory().slice(last === undefined ? 0 : -last);
  }

  async version(number?: number): Promise<Version> {
    return this.find(number);
  }

  async subgraphs(version: Version): Promise<SubgraphSource[]> {
    return this.sourcesOf(version);
  }

  async supergraph(version: Version): Promise<string> {
    return this.read(version.supergraph);
  }

  async publish(changed: readonly SubgraphSource[], note: PublishNote): Promise<Published> {
    return this.locked(() => {
      const last = this.readHistory().at(-1);
      const graph = withSubgraphs(last ? this.sourcesOf(last) : [], changed, note.removed);
      const { supergraph, findings } = compose(graph);
      if (supergraph === null) return { version: null, isNew: false, findings };
      const subgraphs = Object.fromEntries(graph.map(({ name, url, sdl }) => [name, { hash: this.write(sdl), url }]));
      if (isPublished(last, { subgraphs, supergraph: sha256(supergraph) })) return { version: last, isNew: false, findings };
      return { version: this.append(subgraphs, this.write(supergraph), note), isNew: true, findings };
    });
  }

  async rollback(number: number, note: PublishNote): Promise<Version> {
    return this.locked(() => {
      const { subgraphs, supergraph } = this.find(number);
      return this.append(subgraphs, supergraph, note);
    });
  }

  async operations(filter: UsageFilter = {}): Promise<RegisteredOperation[]> {
    return operationsInUse(this.readOperations(), filter, this.now());
  }

  async pushOperations(operations: readonly RegisteredOperation[]): Promise<number> {
    assertHashes(operations);
    return this.locked(() => {
      const known = new Map(this.readOperations().map((operation) => [`${operation.hash} ${operation.name}`, operation]));
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

  check(request: CheckRequest): Promise<Finding[]> {
    return checkAgainst(this, request);
  }

  private readHistory(): Version[] {
    const file = join(this.folder, 'history.jsonl');
    if (!existsSync(file)) return [];
    return readText(file)
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line, index) => parseJson(line, `${file}:${index + 1}`) as Version);
  }

  private find(number?: number): Version {
    const history = this.readHistory();
    const found = number === undefined ? history.at(-1) : history.find((version) => version.number === number);
    if (!found)
      throw new UsageError(
        number === undefined ? `Nothing was published to ${this.folder} yet: use publish.` : `There is no version ${number}: see history.`,
      );
    return found;
  }

  private sourcesOf(version: Version): SubgraphSource[] {
    return Object.entries(version.subgraphs).map(([name, { hash, url }]) => ({ name, url, sdl: this.read(hash), file: this.blob(hash) }));
  }

  private readOperations(): RegisteredOperation[] {
    const file = join(this.folder, 'operations.json');
    return existsSync(file) ? (parseJson(readText(file), file) as RegisteredOperation[]) : [];
  }

  private append(subgraphs: Version['subgraphs'], supergraph: string, { by, message, now }: PublishNote): Version {
    const history = this.readHistory();
    const version = { number: (history.at(-1)?.number ?? 0) + 1, publishedAt: now.toISOString(), by, message, subgraphs, supergraph };
    this.replace(join(this.folder, 'history.jsonl'), `${[...history, version].map((entry) => JSON.stringify(entry)).join('\n')}\n`);
    return version;
  }

  private blob(hash: string): string {
    return join(this.folder, 'schemas', `${hash}.graphql`);
  }

  private read(hash: string): string {
    const text = readText(this.blob(hash));
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
