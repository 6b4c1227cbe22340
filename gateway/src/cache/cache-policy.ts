/** How long an answer may be reused, and by whom. */
export interface CachePolicy {
  /** Seconds, above 0. */
  readonly maxAge: number;
  /** `private`: only by who asked. */
  readonly scope: 'public' | 'private';
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
  const scope = directives.has('private') ? 'private' : 'public';
  return maxAge > 0 ? { maxAge, scope, ...staleness(directives) } : undefined;
}

/** The policy of an answer that is made of these, which is used while it is fresh only; undefined as soon as one of them is. */
export function strictest(policies: readonly (CachePolicy | undefined)[]): CachePolicy | undefined {
  let maxAge = Number.POSITIVE_INFINITY;
  let scope: CachePolicy['scope'] = 'public';
  for (const policy of policies) {
    if (policy === undefined) return undefined;
    maxAge = Math.min(maxAge, policy.maxAge);
    if (policy.scope === 'private') scope = 'private';
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
