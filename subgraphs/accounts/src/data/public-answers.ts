import { bumpGeneration } from '@app/cache';
import type { Redis } from 'ioredis';
import { userTag } from '../domain/user-tag.ts';

/** Answers about public sides of people, cached in Redis for a minute by the response cache. */
export class RedisPublicAnswers {
  constructor(
    private readonly redis: Redis | null,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  /** Makes those about one person unreachable, or all, so that who changed a name sees the new one. Without Redis nothing is cached. */
  async forget(userId?: string): Promise<void> {
    if (this.redis === null) return;
    await bumpGeneration(this.redis, 'accounts', userId === undefined ? {} : { tags: [userTag(userId)] }).catch(this.onError);
  }
}
