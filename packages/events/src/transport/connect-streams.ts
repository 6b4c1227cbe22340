import { Redis } from 'ioredis';

/** A server that owes an answer and says nothing for so long is gone, machine and all; no read waits longer for an event. */
const SILENCE_MS = 15_000;

/**
 * Opens a connection for {@link RedisTransport}. Unlike one for caching it lets commands wait while the connection is made,
 * and sets no limit to them, since readers block; without a server they fail after the second try to connect.
 * @param onError told when the connection is lost or cannot be made; it goes on trying, with pauses of up to two seconds.
 */
export function connectStreams(url: string, onError: (error: Error) => void = () => undefined): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    connectTimeout: 2_000,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
  });
  redis.on('error', onError);
  return redis;
}
