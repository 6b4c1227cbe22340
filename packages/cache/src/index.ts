export { AnnouncedWrites, type AnnouncedWritesOptions } from './announced-writes.ts';
export { connectRedis } from './redis.ts';
export { type ResponseCacheOptions, responseCache, responseCacheShape } from './response-cache.ts';
export { sayWhatIsOwed, UNTOLD_HEADER } from './say-what-is-owed.ts';
export {
  ANY_TAG,
  bumpGeneration,
  concernedTags,
  type Dependency,
  dependencyOf,
  isUnchanged,
  type Moment,
  readWrites,
  readWritesOf,
  tagsIn,
  type WritesQuery,
  type WritesReading,
  type Written,
} from './writes.ts';
