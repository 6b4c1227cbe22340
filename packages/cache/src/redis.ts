import { Redis, type RedisOptions } from 'ioredis';

/** How long a command may take before its user falls back: Redis answers in well under a millisecond when it is well. */
const COMMAND_TIMEOUT_MS = 250;
/** A server that owes an answer and says nothing for so long is gone, machine and all: the kernel would try for a quarter of an hour. */
const SILENCE_MS = 2_000;

/**
 * Connects to Redis for caches and limits, which fail rather than wait: commands are refused at once while there is no connection (the default
 * queues them for as long as Redis is away), and time out when Redis hangs. It reconnects by itself, with pauses that grow to two seconds.
 * `onDown` is told once per outage, not once per attempt.
 */
export function connectRedis(url: string, onDown: (error: Error) => void, options: Pick<RedisOptions, 'enableAutoPipelining'> = {}): Redis {
  const redis = new Redis(url, {
    ...options,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
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
