import { LRUCache } from 'lru-cache';
import { type BucketLevel, type TokenBuckets, withdraw } from './token-bucket.ts';

/** Buckets in this process: exact for one process, and what holds while Redis is away. The least recently used keys are forgotten. */
export function createLocalBuckets(maxKeys: number, now: () => number = Date.now): TokenBuckets {
  const levels = new LRUCache<string, BucketLevel>({ max: maxKeys });
  return {
    take: (key, amount, size) => {
      const { next, withdrawal } = withdraw(levels.get(key), amount, size, now());
      levels.set(key, next);
      return withdrawal;
    },
  };
}
