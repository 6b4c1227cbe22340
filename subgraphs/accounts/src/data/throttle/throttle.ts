import type { Redis } from 'ioredis';
import type { ThrottleRule } from '../../domain/throttle-rule.ts';
import { LocalThrottle } from './local-throttle.ts';
import { RedisThrottle } from './redis-throttle.ts';

/** Counts in Redis, and always locally too: when Redis goes away, what was counted so far in this process still holds. */
export class FallbackThrottle {
  private readonly shared: RedisThrottle;
  private readonly local: LocalThrottle;

  constructor(redis: Redis, now: () => number = Date.now) {
    this.shared = new RedisThrottle(redis, now);
    this.local = new LocalThrottle(now);
  }

  async attempt(rule: ThrottleRule, key: string): Promise<number> {
    const local = await this.local.attempt(rule, key);
    return this.shared.attempt(rule, key).catch(() => local);
  }

  async forget(rule: ThrottleRule, key: string): Promise<void> {
    await this.local.forget(rule, key);
    await this.shared.forget(rule, key).catch(() => undefined);
  }

  async giveBack(rule: ThrottleRule, key: string): Promise<void> {
    await this.local.giveBack(rule, key);
    await this.shared.giveBack(rule, key).catch(() => undefined);
  }
}
