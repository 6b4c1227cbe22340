import { type HealthServer, type HealthServerOptions, type Readiness, startHealthServer } from '@app/observability';
import type { Caches } from './cache/create-caches.ts';
import { invalidationRoute } from './cache/invalidation-route.ts';
import type { Config } from './config.ts';
import type { LiveSchema } from './schema/live-schema.ts';
import type { SharedParts } from './shared-parts.ts';

/** What the port of operations answers from. */
interface Operations {
  readonly readiness: Readiness;
  readonly caches: Caches;
  readonly schema: LiveSchema;
}

/**
 * The port that is not for the public: health, metrics, invalidation. Several gateways on one machine need no configuration: only a port that was
 * asked for is insisted on.
 */
export async function startOperationsPort(
  { config, logger, metrics }: SharedParts,
  { readiness, caches, schema }: Operations,
): Promise<HealthServer> {
  const options = { host: config.HOST, readiness, metrics, answer: invalidation(config, caches, schema) };
  try {
    return await startHealthServer({ ...options, port: config.METRICS_PORT });
  } catch (error) {
    if (!config.isMetricsPortDefault) throw error;
    const health = await startHealthServer({ ...options, port: 0 });
    logger.warn({ port: health.port, taken: config.METRICS_PORT }, 'the metrics port is taken: metrics are on another');
    return health;
  }
}

function invalidation({ INVALIDATION_KEY: key }: Config, { writes }: Caches, schema: LiveSchema): HealthServerOptions['answer'] {
  return key === undefined ? undefined : invalidationRoute({ writes, key, subgraphs: () => new Set(schema.current.subgraphs.keys()) });
}
