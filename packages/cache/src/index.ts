export { bumpGeneration, readGenerations } from './generations.ts';
export { connectRedis, type RedisOptions } from './redis.ts';
export { type CacheScope, type ResponseCacheOptions, responseCache } from './response-cache.ts';
