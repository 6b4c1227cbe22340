import type { Redis } from 'ioredis';
import { type TokenBuckets, withdrawalOf } from './token-bucket.ts';

/**
 * One bucket per key, shared by all gateway processes. The clock is the server's, so that processes with different clocks agree; a bucket
 * that would be full is forgotten.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local amount, capacity, per_second = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = capacity
if bucket[1] then
  level = math.min(capacity, tonumber(bucket[1]) + math.max(0, now - tonumber(bucket[2])) / 1000 * per_second)
end
local allowed = 0
if level >= amount then
  level = level - amount
  allowed = 1
end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - level) / per_second * 1000) + 1000)
return { allowed, tostring(level) }
`;

/** Buckets in Redis. Falls back to `local` for as long as Redis does not answer: a limit per process is better than none or an outage. */
export function createRedisBuckets(redis: Redis, local: TokenBuckets, onFallback: (error: unknown) => void): TokenBuckets {
  return {
    take: async (key, amount, size) => {
      try {
        const answer = await redis.eval(SCRIPT, 1, `rate:${key}`, amount, size.capacity, size.perSecond);
        const [allowed, level] = answer as [number, string];
        return withdrawalOf(allowed === 1, Number(level), amount, size);
      } catch (error) {
        onFallback(error);
        return local.take(key, amount, size);
      }
    },
  };
}
