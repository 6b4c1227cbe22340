import { connectRedis } from '@app/cache';
import { clusterMetrics, type Logger, Readiness, startHealthServer } from '@app/observability';
import { invalidationRoute } from '../cache/invalidation-route.ts';
import { redisWrites, type Writes } from '../cache/writes.ts';
import type { Config } from '../config.ts';
import { WorkerPool } from './worker-pool.ts';

/** Far more than a worker takes that has a large supergraph to load on a busy machine. */
const START_TIMEOUT_MS = 120_000;

/** A running cluster. */
export interface Cluster {
  /** Replaces all workers, one after the other. */
  restart(): Promise<void>;
  /** Drains and stops all; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Runs `workers` gateways on the public port and answers for all of them on the metrics port: metrics are summed, invalidations reach each.
 * Rejects when a worker cannot start.
 */
export async function startCluster(config: Config, logger: Logger, workers: number): Promise<Cluster> {
  await using started = new AsyncDisposableStack();
  const endTimeoutMs = config.DRAIN_DELAY_MS + config.DRAIN_TIMEOUT_MS + 2_000;
  const pool = new WorkerPool({ size: workers, logger, startTimeoutMs: START_TIMEOUT_MS, endTimeoutMs });
  started.defer(() => pool.stop());
  const onRedisDown = (error: Error) => logger.warn({ err: error }, 'redis is away');
  const redis = config.REDIS_URL === undefined ? undefined : connectRedis(config.REDIS_URL, onRedisDown);
  started.defer(() => redis?.disconnect());
  const writes: Pick<Writes, 'bump'> = redis === undefined ? toEach(pool) : redisWrites(redis);
  const readiness = new Readiness({
    workers: () => {
      if (pool.serving === 0) throw new Error('no worker serves');
    },
  });
  const { INVALIDATION_KEY: key } = config;
  const health = await startHealthServer({
    port: config.METRICS_PORT,
    host: config.HOST,
    readiness,
    metrics: clusterMetrics(),
    answer: key === undefined ? undefined : invalidationRoute({ writes, key, subgraphs: () => pool.subgraphs }),
  });
  started.defer(() => health.close());
  await pool.start();
  readiness.ready();
  logger.info({ workers, metricsPort: health.port }, 'all workers serve');
  const parts = started.move();
  let stopped: Promise<void> | undefined;
  return {
    restart: () => pool.restart(),
    stop: () => {
      readiness.drain();
      stopped ??= parts.disposeAsync();
      return stopped;
    },
  };
}

/** Without Redis every worker keeps its own. */
function toEach(pool: WorkerPool): Pick<Writes, 'bump'> {
  return {
    bump: (subgraph, written) => {
      pool.broadcast({ kind: 'written', subgraph, written });
      return Promise.resolve();
    },
  };
}
