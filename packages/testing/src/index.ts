import './global-setup.ts';

export { startTestServices, type TestServices, type TestSurroundings } from './services.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
