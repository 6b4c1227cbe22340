export { PlatformError, type PlatformErrorCode } from './platform-error.ts';
export { assertPortFree, findListener, freePort } from './ports.ts';
export { type PostgresOptions, type PostgresServer, POSTGRES_MAJOR, startPostgres } from './postgres.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
export type { RedisProgram } from './redis-package.ts';
export { defaultCacheDir, findRedis, type RedisSearch } from './redis-program.ts';
export { type DatabaseRoles, migrateDatabase, type ProvisionOptions, provisionDatabase, roleUrl, withClient } from './databases.ts';
