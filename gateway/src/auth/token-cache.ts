import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { VerifiedToken } from './verify-token.ts';

/**
 * Remembers tokens that were verified, so that a client's next request costs a hash and not a signature check. Bounded by number; keyed by
 * the hash, so that no token lies in memory. A remembered token still expires, and revocation is asked for every request.
 */
export function rememberVerified(
  verify: (token: string) => Promise<VerifiedToken>,
  options: { max: number; now?: () => number },
): (token: string) => Promise<VerifiedToken> {
  const now = options.now ?? Date.now;
  const known = new LRUCache<string, VerifiedToken>({ max: options.max });
  return async (token) => {
    const key = hash('sha256', token, 'base64url');
    const remembered = known.get(key);
    if (remembered && remembered.expiresAtMs > now()) return remembered;
    known.delete(key);
    const verified = await verify(token);
    known.set(key, verified);
    return verified;
  };
}
