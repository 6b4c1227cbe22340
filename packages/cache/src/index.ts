export { connectRedis, type RedisOptions } from './redis.ts';
export { bumpGeneration, type CacheScope, responseCache, type ResponseCacheOptions } from './response-cache.ts';
