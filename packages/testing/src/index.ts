import './global-setup.ts';

export type { RestartableServer } from './restartable-server.ts';
export { startTestServices, type TestServices, type TestSurroundings } from './services.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
export { testNats } from './test-nats.ts';
export { type TestProxy, testProxy } from './test-proxy.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
export { testRedisServer } from './test-redis-server.ts';
