import { integer, oneOf, parseEnv, port, secret, url } from '@app/config';

/** Variables of the reviews subgraph and its worker. */
const shape = {
  PORT: port(4003).describe('Port of the subgraph (of the worker: its health endpoints).'),
  DATABASE_URL: url('postgresql', 'postgres').describe('Database of the reviews subgraph.'),
  DATABASE_POOL_SIZE: integer(10, 1, 200).describe('Most database connections of one process.'),
  REDIS_URL: url('redis', 'rediss').describe('Redis: response cache and event streams.'),
  INTERNAL_KEY: secret().describe('Key that calls to this subgraph are signed with.'),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error'], 'info').describe('Least important level that is logged.'),
};

/** Configuration of a process. */
export type Config = ReturnType<typeof readConfig>;

/** @throws ConfigError naming every wrong variable, what it was and what is allowed. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = parseEnv(shape, env);
  return {
    port: variables.PORT,
    databaseUrl: variables.DATABASE_URL,
    databasePoolSize: variables.DATABASE_POOL_SIZE,
    redisUrl: variables.REDIS_URL,
    internalKey: variables.INTERNAL_KEY,
    logLevel: variables.LOG_LEVEL,
  };
}
