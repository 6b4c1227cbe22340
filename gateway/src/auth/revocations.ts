import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';

/** Whether a session or a token was ended before its time. */
export interface Revocations {
  isRevoked(sessionId: string, tokenId: string): Promise<boolean>;
}

/** Options of {@link createRedisRevocations}. */
export interface RevocationOptions {
  /** How long an answer is remembered: the longest that a revoked session goes on working here. */
  readonly rememberMs: number;
  readonly maxRemembered: number;
  /** What to answer when Redis does not: `open` trusts the short life of access tokens, `closed` refuses every signed-in request. */
  readonly whenUnavailable: 'open' | 'closed';
  readonly onUnavailable: (error: unknown) => void;
}

/** Key that revokes a whole session; set by accounts with the remaining life of its access tokens. */
export const sessionKey = (sessionId: string): string => `revoked:session:${sessionId}`;

/** Key that revokes one access token. */
export const tokenKey = (tokenId: string): string => `revoked:token:${tokenId}`;

/**
 * Revocations in Redis, looked up by session and token id, never by the token's text: a signature's last character can be changed
 * without making it invalid.
 */
export function createRedisRevocations(redis: Redis, options: RevocationOptions): Revocations {
  const remembered = new LRUCache<string, boolean>({ max: options.maxRemembered, ttl: options.rememberMs });
  return {
    isRevoked: async (sessionId, tokenId) => {
      const key = `${sessionId} ${tokenId}`;
      const known = remembered.get(key);
      if (known !== undefined) return known;
      try {
        const isRevoked = (await redis.exists(sessionKey(sessionId), tokenKey(tokenId))) > 0;
        remembered.set(key, isRevoked);
        return isRevoked;
      } catch (error) {
        options.onUnavailable(error);
        return options.whenUnavailable === 'closed';
      }
    },
  };
}

/** Without Redis there are no revocations to ask for. */
export const noRevocations: Revocations = { isRevoked: () => Promise.resolve(false) };
