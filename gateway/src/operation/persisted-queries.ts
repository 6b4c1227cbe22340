import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RedisRoom } from '../redis-room.ts';
import { MAX_KEPT_TEXT } from './known-operations.ts';

/** How long a persisted query is kept after it was last registered, in seconds. */
const TTL_SECONDS = 86_400;

interface Known {
  readonly text: string;
  /** Redis has room for it. */
  readonly isShared: boolean;
}

/**
 * Automatic persisted queries, found here first, then in Redis, where all gateway processes share them. Without Redis each has its own.
 * A text that is very long is not kept: whoever sends it gets their answer, and has to send it again. What finds no room in Redis is known
 * to this process.
 */
export function createPersistedQueries(
  redis: Redis | undefined,
  onUnavailable: (error: unknown) => void,
  room = new RedisRoom({ characters: 32 * 1024 * 1024, lifetimeMs: TTL_SECONDS * 1000 }),
): KeyValueCache<string> {
  const local = new LRUCache<string, Known>({ maxSize: 32 * 1024 * 1024, sizeCalculation: ({ text }) => text.length + 100 });
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work();
    } catch (error) {
      onUnavailable(error);
      return undefined;
    }
  };
  return {
    get: async (key) => {
      const known = local.get(key);
      if (known !== undefined || !redis) return known?.text;
      const shared = (await attempt(() => redis.get(key))) ?? undefined;
      if (shared !== undefined) local.set(key, { text: shared, isShared: true });
      return shared;
    },
    set: async (key, value) => {
      if (value.length > MAX_KEPT_TEXT) return;
      const isShared = local.get(key)?.isShared === true || room.take(value.length);
      local.set(key, { text: value, isShared });
      if (redis && isShared) await attempt(() => redis.set(key, value, 'EX', TTL_SECONDS));
    },
    delete: async (key) => {
      local.delete(key);
      if (redis) await attempt(() => redis.del(key));
      return true;
    },
  };
}
