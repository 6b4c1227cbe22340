/** How long an answer may be reused, and by whom. */
export interface CachePolicy {
  /** Seconds, above 0. */
  readonly maxAge: number;
  /** `private`: only by who asked. */
  readonly scope: 'public' | 'private';
}

/**
 * Reads what a subgraph says in `Cache-Control` (RFC 9111) and `Age` about its answer. Undefined: it may not be reused. No header means that
 * too: a subgraph that does not know of caches is not cached.
 */
export function readCacheControl(header: string | undefined, age?: string): CachePolicy | undefined {
  if (header === undefined) return undefined;
  const directives = new Map(header.split(',').map((part) => toDirective(part.trim().toLowerCase())));
  if (directives.has('no-store') || directives.has('no-cache')) return undefined;
  const text = directives.get('s-maxage') ?? directives.get('max-age');
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const maxAge = Number(text) - (age !== undefined && /^\d{1,9}$/.test(age) ? Number(age) : 0);
  return maxAge > 0 ? { maxAge, scope: directives.has('private') ? 'private' : 'public' } : undefined;
}

/** The policy of an answer that is made of these; undefined as soon as one of them is. */
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

function toDirective(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1).replaceAll('"', '')];
}
