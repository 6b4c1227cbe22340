import { bumpGeneration } from '@app/cache';
import type { Redis } from 'ioredis';

/** Answers about public sides of people, cached in Redis for a minute by the response cache. */
export class RedisPublicAnswers {
  constructor(
    private readonly redis: Redis | null,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  /** Makes all of them unreachable, so that who changed a name sees the new one. Without Redis nothing is cached. */
  async forget(): Promise<void> {
    if (this.redis === null) return;
    await bumpGeneration(this.redis, 'accounts').catch(this.onError);
  }
}
