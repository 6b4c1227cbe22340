import { isDeepStrictEqual } from 'node:util';
import type { Approval } from './approvals.ts';
import type { Budgets } from './budgets.ts';
import { check as checkHere } from './check.ts';
import type { Finding } from './finding.ts';
import type { SubgraphSource } from './graph.ts';
import type { RegisteredOperation } from './operations.ts';
import type { UsageFilter } from './usage-filter.ts';

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

/** Whether a version has these schemas already, and the supergraph that they compose to now: then there is nothing to publish. */
export function isPublished(
  version: Version | undefined,
  { subgraphs, supergraph }: Pick<Version, 'subgraphs' | 'supergraph'>,
): version is Version {
  return version?.supergraph === supergraph && isDeepStrictEqual(version.subgraphs, subgraphs);
}

/** Who publishes, and why. */
export interface PublishNote {
  readonly by: string;
  readonly message: string;
  readonly now: Date;
  /** Subgraphs that leave the graph. */
  readonly removed?: readonly string[];
}

/** What came of publishing. */
export interface Published {
  /** The newest version; null when the schemas do not compose. */
  readonly version: Version | null;
  /** False when the newest version had these schemas already. */
  readonly isNew: boolean;
  readonly findings: readonly Finding[];
}

/** A change to be judged against what a registry has. */
export interface CheckRequest {
  readonly changed: readonly SubgraphSource[];
  /** Subgraphs that leave the graph. */
  readonly removed?: readonly string[];
  readonly approvals: readonly Approval[];
  readonly budgets?: Budgets;
  readonly usage?: UsageFilter;
  readonly today: Date;
  /** Told what is being done; stores that are elsewhere say nothing. */
  readonly onProgress?: ((step: string) => void) | undefined;
}

/**
 * Where versions of a graph and its operations are kept: a folder made for git, or the registry service. Every implementation passes the
 * suite in `registry-store.contract.ts`.
 */
export interface RegistryStore {
  /** The last versions, so many or all of them, oldest first. */
  history(last?: number): Promise<Version[]>;
  /** A version; the newest without a number. @throws {UsageError} when there is none. */
  version(number?: number): Promise<Version>;
  /** The subgraphs of a version, by name. */
  subgraphs(version: Version): Promise<SubgraphSource[]>;
  /** The supergraph of a version. */
  supergraph(version: Version): Promise<string>;
  /**
   * Composes the newest version with the changed subgraphs and stores the result. One without an address keeps the address that it has. Nothing is stored when it does not compose. Of two at
   * once, one is composed on top of the other or refused; never is half of one stored.
   */
  publish(changed: readonly SubgraphSource[], note: PublishNote): Promise<Published>;
  /** Publishes an old version again, as a new one. @throws {UsageError} when there is no such version. */
  rollback(number: number, note: PublishNote): Promise<Version>;
  /** Operations that clients send, by name; all of them without a filter. */
  operations(filter?: UsageFilter): Promise<RegisteredOperation[]>;
  /** Adds operations; those with the same document and name get the clients of both. Returns how many are new. */
  pushOperations(operations: readonly RegisteredOperation[]): Promise<number>;
  /** What a change would do to the newest version and to the operations in use. */
  check(request: CheckRequest): Promise<Finding[]>;
}

/** Checks a change against the newest version and the operations of a store. @param check where the work is done; here by default. */
export async function checkAgainst(
  store: RegistryStore,
  { usage = {}, ...request }: CheckRequest,
  check: typeof checkHere = checkHere,
): Promise<Finding[]> {
  const newest = (await store.history(1)).at(-1);
  const base = newest ? await store.subgraphs(newest) : [];
  const published = newest && (await store.supergraph(newest));
  const [all, operations] = [await store.operations(), await store.operations(usage)];
  return check({ ...request, base, published, operations, isUsageKnown: all.length > 0 });
}
