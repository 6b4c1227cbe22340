import { Redis } from 'ioredis';

/** What a connection is for: putting jobs in fails soon when Redis is away; waiting for jobs waits for Redis as well. */
export type JobsRole = 'producer' | 'worker';

/** Every key of the queues starts with it. */
export const KEY_PREFIX = 'jobs';

/** A server that owes an answer and says nothing for so long is gone, machine and all; BullMQ waits for a job for ten seconds at most. */
const SILENCE_MS = 15_000;

/**
 * Opens a connection of its own for a queue. BullMQ blocks on a worker's connection and wants no limit of retries there;
 * a producer must not hang, so its commands fail after the second try to connect.
 * @param ended aborted when the connection, and those that BullMQ makes after it, are not to be made again.
 */
export function connectJobs(url: string, role: JobsRole, onError: (error: Error) => void, ended?: AbortSignal): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2_000,
    socketTimeout: SILENCE_MS,
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    retryStrategy: (attempt) => (ended?.aborted ? null : Math.min(50 * 2 ** Math.min(attempt, 6), 2_000)),
  });
  redis.on('error', onError);
  return redis;
}
