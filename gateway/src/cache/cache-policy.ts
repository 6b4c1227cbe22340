/**
 * Who may be given an answer besides who asked for it: `public`: everybody with the same rights; `private`: nobody, and it is not kept for
 * visitors. `unsaid`: visitors share it, and nobody else does: what was asked for in somebody's name is theirs unless it is said to be public
 * (RFC 9111, 3.5).
 */
export type CacheScope = 'public' | 'unsaid' | 'private';

/** How long an answer may be reused, and by whom. */
export interface CachePolicy {
  /** Seconds, above 0. */
  readonly maxAge: number;
  readonly scope: CacheScope;
  /** Seconds after `maxAge` during which it may be used while it is asked for anew; undefined: the subgraph says nothing (RFC 5861). */
  readonly staleWhileRevalidate?: number;
  /** Seconds after `maxAge` during which it may be used when the subgraph is away; undefined: the subgraph says nothing (RFC 5861). */
  readonly staleIfError?: number;
}

/**
 * Reads what a subgraph says in `Cache-Control` (RFC 9111, 5861) and `Age` about its answer. Undefined: it may not be reused. No header means
 * that too: a subgraph that does not know of caches is not cached.
 */
export function readCacheControl(header: string | undefined, age?: string): CachePolicy | undefined {
  if (header === undefined) return undefined;
  const directives = new Map(header.split(',').map((part) => toDirective(part.trim().toLowerCase())));
  if (directives.has('no-store') || directives.has('no-cache')) return undefined;
  const lifetime = secondsOf(directives.get('s-maxage') ?? directives.get('max-age'));
  if (lifetime === undefined) return undefined;
  const maxAge = lifetime - (secondsOf(age) ?? 0);
  return maxAge > 0 ? { maxAge, scope: scopeIn(directives), ...staleness(directives) } : undefined;
}

function scopeIn(directives: ReadonlyMap<string, string>): CacheScope {
  if (directives.has('private')) return 'private';
  return directives.has('public') || directives.has('s-maxage') ? 'public' : 'unsaid';
}

/** The policy of an answer that is made of these, which is used while it is fresh only; undefined as soon as one of them is. */
export function strictest(policies: readonly (CachePolicy | undefined)[]): CachePolicy | undefined {
  let maxAge = Number.POSITIVE_INFINITY;
  let scope: CacheScope = 'public';
  for (const policy of policies) {
    if (policy === undefined) return undefined;
    maxAge = Math.min(maxAge, policy.maxAge);
    if (policy.scope === 'private' || scope === 'public') scope = policy.scope;
  }
  return maxAge === Number.POSITIVE_INFINITY ? undefined : { maxAge, scope };
}

function staleness(directives: ReadonlyMap<string, string>): Pick<CachePolicy, 'staleWhileRevalidate' | 'staleIfError'> {
  if (directives.has('must-revalidate') || directives.has('proxy-revalidate')) return { staleWhileRevalidate: 0, staleIfError: 0 };
  const staleWhileRevalidate = secondsOf(directives.get('stale-while-revalidate'));
  const staleIfError = secondsOf(directives.get('stale-if-error'));
  return { ...(staleWhileRevalidate !== undefined && { staleWhileRevalidate }), ...(staleIfError !== undefined && { staleIfError }) };
}

function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function toDirective(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1).replaceAll('"', '')];
}
