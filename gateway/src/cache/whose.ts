import type { Principal } from '@app/auth';
import type { CacheScope } from './cache-policy.ts';

/** Stands for one caller and what they may do: two callers with the same are one. */
export const identityOf = once((principal) => JSON.stringify(principal));

/** Stands for what a caller may do, whoever it is. Visitors are all the same. */
export const rightsOf = once((principal) => {
  if (principal.kind !== 'user') return identityOf(principal);
  return JSON.stringify(['user', principal.roles.toSorted(), principal.scopes.toSorted()]);
});

/** Describes each principal once: those of a token that is remembered are the same object. */
function once(describe: (principal: Principal) => string): (principal: Principal) => string {
  const known = new WeakMap<Principal, string>();
  return (principal) => {
    const before = known.get(principal);
    if (before !== undefined) return before;
    const text = describe(principal);
    known.set(principal, text);
    return text;
  };
}

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

/**
 * Remembers how public the answers to an operation were: one has to know in whose name to look before there is an answer. Who remembers wrongly
 * finds nothing, since answers are kept under what their subgraphs say.
 */
export class KnownScopes {
  private readonly scopes = new WeakMap<object, CacheScope>();

  of(operation: object): CacheScope {
    return this.scopes.get(operation) ?? 'public';
  }

  learn(operation: object, scope: CacheScope): void {
    if (this.of(operation) !== scope) this.scopes.set(operation, scope);
  }
}
