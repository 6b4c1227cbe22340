import { responseCacheShape } from '@app/cache';
import { integer, oneOf, parseEnv, port, secret, url } from '@app/config';
import { transportShape } from '@app/events';

/** Variables of the reviews subgraph and its worker. */
export const configShape = {
  REVIEWS_PORT: port(4003).describe('Port of the subgraph (of the worker: its health endpoints).'),
  DATABASE_URL_REVIEWS: url('postgresql', 'postgres').describe('Database of the reviews subgraph.'),
  REVIEWS_POOL_SIZE: integer(10, 1, 200).describe('Most database connections of one process.'),
  REDIS_URL: url('redis', 'rediss').describe('Redis: response cache and event streams.'),
  ...responseCacheShape,
  ...transportShape,
  MODERATION_REMINDER_HOURS: integer(24, 1, 720).describe(
    'Hours that moderators have to decide about a review; then, and after as long again each time, the worker alarms: an error in its log and `reviews_overdue_total`.',
  ),
  INTERNAL_KEY_REVIEWS: secret().describe('Key that calls to this subgraph are signed with.'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info').describe('Least severity that is logged.'),
};

/** Configuration of a process. */
export type Config = ReturnType<typeof readConfig>;

/** @throws ConfigError naming every wrong variable, what it was and what is allowed. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = parseEnv(configShape, env);
  return {
    port: variables.REVIEWS_PORT,
    databaseUrl: variables.DATABASE_URL_REVIEWS,
    databasePoolSize: variables.REVIEWS_POOL_SIZE,
    redisUrl: variables.REDIS_URL,
    isCacheOn: variables.SUBGRAPH_CACHE,
    transport: { EVENT_TRANSPORT: variables.EVENT_TRANSPORT, NATS_URL: variables.NATS_URL },
    moderationReminderMs: variables.MODERATION_REMINDER_HOURS * 3_600_000,
    internalKey: variables.INTERNAL_KEY_REVIEWS,
    logLevel: variables.LOG_LEVEL,
  };
}
