import { Redis } from 'ioredis';
import { inject } from 'vitest';

/** A Redis database of one test file; emptied when disposed. */
export interface TestRedis extends AsyncDisposable {
  /** Names a numbered database of its own; keys and streams of other files are not visible. Channels are shared. */
  readonly url: string;
}

/**
 * An empty Redis database that no other test file of the run uses.
 *
 * @example await using redis = await testRedis();
 */
export async function testRedis(): Promise<TestRedis> {
  const base = inject('redisUrl');
  const number = await withRedis(base, (redis) => redis.incr('test:databases'));
  const url = `${base}/${number}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      await withRedis(url, (redis) => redis.flushdb());
    },
  };
}

async function withRedis<Result>(url: string, work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
