import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ThrottleRule } from '../../domain/throttle-rule.ts';

/**
 * One step, so that parallel attempts are counted each. Answers milliseconds to wait, 0 when the attempt may go on.
 * The delay is `delayAfter` of domain/throttle-rule.ts; one contract test holds both to it.
 */
const attemptScript = `
local now = tonumber(ARGV[1])
local blocked = tonumber(redis.call('HGET', KEYS[1], 'blocked') or '0')
if blocked > now then return blocked - now end
local attempts = redis.call('HINCRBY', KEYS[1], 'attempts', 1)
local free = tonumber(ARGV[2])
local delay = 0
if attempts >= free then delay = math.min(tonumber(ARGV[3]) * 2 ^ math.min(attempts - free, 30), tonumber(ARGV[4])) end
redis.call('HSET', KEYS[1], 'blocked', string.format('%.0f', now + delay * 1000))
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 0`;

const giveBackScript = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HINCRBY', KEYS[1], 'attempts', -1) < 0 then redis.call('HSET', KEYS[1], 'attempts', 0) end
redis.call('HSET', KEYS[1], 'blocked', 0)
return 0`;

/** Counts attempts over all processes. Rejects when Redis is away. */
export class RedisThrottle {
  constructor(
    private readonly redis: Redis,
    private readonly now: () => number = Date.now,
  ) {}

  async attempt(rule: ThrottleRule, key: string): Promise<number> {
    const numbers = [this.now(), rule.free, rule.firstDelaySeconds, rule.maxDelaySeconds, rule.forgetAfterSeconds];
    return Number(await this.redis.eval(attemptScript, 1, keyOf(rule, key), ...numbers)) / 1000;
  }

  async forget(rule: ThrottleRule, key: string): Promise<void> {
    await this.redis.del(keyOf(rule, key));
  }

  async giveBack(rule: ThrottleRule, key: string): Promise<void> {
    await this.redis.eval(giveBackScript, 1, keyOf(rule, key));
  }
}

/** Hashed: e-mail addresses and network addresses of people do not lie about in a cache. */
function keyOf(rule: ThrottleRule, key: string): string {
  return `throttle:${rule.name}:${createHash('sha256').update(key).digest('base64url')}`;
}
