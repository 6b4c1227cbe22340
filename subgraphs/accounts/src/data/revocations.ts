import { accessTokenTtlSeconds } from '@app/auth';
import type { Redis } from 'ioredis';

/** The key under which gateways look for a revoked session; it lives as long as the last access token of the session can. */
export function revokedSessionKey(sessionId: string): string {
  return `revoked:session:${sessionId}`;
}

/**
 * Writes revoked sessions where gateways look. Redis may be away: the session is revoked in Postgres all the same, no
 * refresh works any more, and the worker writes recent revocations again.
 */
export class RedisRevocations {
  constructor(
    private readonly redis: Redis | null,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  async announce(sessionIds: readonly string[]): Promise<void> {
    if (this.redis === null || sessionIds.length === 0) return;
    try {
      const batch = this.redis.pipeline();
      // A minute more than a token lives, for clocks that differ.
      for (const id of sessionIds) batch.set(revokedSessionKey(id), '1', 'EX', accessTokenTtlSeconds + 60);
      // A Redis that is full, or a replica, answers each command with an error of its own.
      const [refusal] = ((await batch.exec()) ?? []).flatMap(([error]) => error ?? []);
      if (refusal !== undefined) throw refusal;
    } catch (error) {
      this.onError(error);
    }
  }
}
