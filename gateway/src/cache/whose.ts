import { LRUCache } from 'lru-cache';
import type { CacheScope } from './cache-policy.ts';

/** For whom something is asked. */
export interface Asker {
  readonly identity: string;
  /** Absent: they share nothing. */
  readonly rights?: string;
}

/** In whose name an answer is kept: of everybody with the same rights when it is public, else of who asked. */
export function ownerOf(scope: CacheScope, { identity, rights = identity }: Asker): string {
  return scope === 'public' ? rights : identity;
}

/** How many operations are remembered by name whose answers are not public. */
const MOST_NAMES = 10_000;

/**
 * Remembers how public the answers to an operation were: one has to know in whose name to look before there is an answer. Who remembers wrongly
 * finds nothing, since answers are kept under what their subgraphs say.
 */
export class KnownScopes<Operation extends object> {
  private readonly scopes = new WeakMap<Operation, CacheScope>();
  /** An operation that is asked for anew may be another object by then. */
  private readonly byName = new LRUCache<string, CacheScope>({ max: MOST_NAMES });
  private readonly nameOf: (operation: Operation) => string;

  /** @param nameOf asked once for each object, or when what is known of it changes; short, since names are kept. */
  constructor(nameOf: (operation: Operation) => string) {
    this.nameOf = nameOf;
  }

  of(operation: Operation): CacheScope {
    const known = this.scopes.get(operation);
    if (known !== undefined) return known;
    const scope = this.byName.get(this.nameOf(operation)) ?? 'public';
    this.scopes.set(operation, scope);
    return scope;
  }

  learn(operation: Operation, scope: CacheScope): void {
    if (this.of(operation) === scope) return;
    this.scopes.set(operation, scope);
    this.byName.set(this.nameOf(operation), scope);
  }
}
