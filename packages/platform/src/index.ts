export { type DatabaseRoles, migrateDatabase, type ProvisionOptions, provisionDatabase, roleUrl, withClient } from './databases.ts';
export { PlatformError, type PlatformErrorCode } from './platform-error.ts';
export { assertPortFree, findListener, freePort } from './ports.ts';
export { POSTGRES_MAJOR, type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
export type { RedisProgram } from './redis-package.ts';
export { defaultCacheDir, findRedis, type RedisSearch } from './redis-program.ts';
