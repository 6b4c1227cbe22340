import { Redis } from 'ioredis';

/** A Redis connection that fails rather than hangs. */
export interface RedisOptions {
  /** Longest wait for one command in milliseconds. */
  readonly commandTimeoutMs?: number;
  /** Told when the connection is lost or cannot be made; the connection goes on trying. */
  readonly onError?: (error: Error) => void;
}

/**
 * Opens a connection for caching and limits: commands fail at once while Redis is away (no queue), reconnects with
 * growing pauses up to two seconds. The default client would hang on a dead port.
 */
export function connectRedis(url: string, { commandTimeoutMs = 250, onError = () => undefined }: RedisOptions = {}): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: commandTimeoutMs,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
  });
  redis.on('error', onError);
  return redis;
}
