export { AnnouncedWrites, type AnnouncedWritesOptions } from './announced-writes.ts';
export { connectRedis, type RedisOptions } from './redis.ts';
export { type CacheScope, type ResponseCacheOptions, responseCache, responseCacheShape } from './response-cache.ts';
export {
  bumpGeneration,
  type Dependency,
  isUnchanged,
  type Moment,
  readWrites,
  tagsIn,
  type WritesQuery,
  type WritesReading,
  type Written,
} from './writes.ts';
