export { connectRedis, type RedisOptions } from './redis.ts';
export { bumpGeneration, type CacheScope, type ResponseCacheOptions, responseCache } from './response-cache.ts';
