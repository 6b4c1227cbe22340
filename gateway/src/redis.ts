import { Redis } from 'ioredis';

/** How long a command may take before its user falls back: Redis answers in well under a millisecond when it is well. */
const COMMAND_TIMEOUT_MS = 200;

/**
 * A Redis client that fails fast: commands are refused at once while there is no connection (the default queues them for as long as Redis is
 * away), and time out when Redis hangs. It reconnects by itself;
 * `onDown` is told once per outage, not once per attempt.
 */
export function connectRedis(url: string, onDown: (error: unknown) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  });
  let isDown = false;
  redis.on('ready', () => {
    isDown = false;
  });
  redis.on('error', (error) => {
    if (!isDown) onDown(error);
    isDown = true;
  });
  return redis;
}
