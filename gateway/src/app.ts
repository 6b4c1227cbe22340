import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectRedis } from '@app/cache';
import { CircuitBreakers, guardedFetch } from '@app/circuit-breaker';
import { createLogger, createMetrics, type Logger, Readiness } from '@app/observability';
import type { Redis } from 'ioredis';
import { createDenialLog, type DenialLog } from './authorize/denial-log.ts';
import { createCaches } from './cache/create-caches.ts';
import type { WorkerLink } from './cluster/worker-link.ts';
import type { Config } from './config.ts';
import { createApollo } from './create-apollo.ts';
import { createHttp } from './create-http.ts';
import { executeOperation } from './execute-operation.ts';
import { createExecutors } from './executor-factory.ts';
import type { GatewayContext } from './http/graphql-route.ts';
import { createPublicError } from './http/public-error.ts';
import { createShortcut } from './http/shortcut.ts';
import type { OperationState } from './operation/request-state.ts';
import { loadTrustedDocuments } from './operation/trusted-documents-file.ts';
import { warmUp } from './operation/warm-up.ts';
import { startOperationsPort } from './operations-port.ts';
import { createPipeline, runPipeline } from './pipeline.ts';
import { pipelineOptions } from './pipeline-options.ts';
import { redisPlans } from './plan/shared-plans.ts';
import { buildGeneration } from './schema/generation.ts';
import { LiveSchema } from './schema/live-schema.ts';
import { openSupergraphSource } from './schema/supergraph-source.ts';
import type { SharedParts } from './shared-parts.ts';
import { faultLog } from './telemetry/fault-log.ts';
import { createGatewayMetrics, type GatewayMetrics } from './telemetry/gateway-metrics.ts';
import { createUsageReporter, type UsageReporter } from './telemetry/usage-reporter.ts';
import { needsApolloServer } from './telemetry/usage-reporting.ts';

/** A running gateway. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  readonly metricsUrl: string;
  readonly schema: LiveSchema;
  /** Drains and stops it; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Builds the gateway, in order, and starts it. With a link it is one of several: the primary has the metrics port.
 * Rejects when anything it cannot do without is missing; nothing is left running then.
 */
export async function startGateway(
  config: Config,
  logger: Logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL }),
  link?: WorkerLink,
): Promise<Gateway> {
  await using started = new AsyncDisposableStack();
  const metrics = createMetrics({ service: 'gateway' });
  const counted = createGatewayMetrics(metrics);
  const onRedisDown = (error: Error) => logger.warn({ err: error }, 'redis is away');
  const redis = config.REDIS_URL === undefined ? undefined : connectRedis(config.REDIS_URL, onRedisDown, { enableAutoPipelining: true });
  started.defer(() => redis?.disconnect());
  const breakers = new CircuitBreakers();
  breakers.onEvent((event) => {
    if (event.kind !== 'state') return;
    counted.circuitChanged(event.id, event.to);
    logger.warn({ circuit: event.id, from: event.from, to: event.to }, 'a circuit has changed');
  });
  const denials = redis && started.use(createDenials(redis, counted));
  const documents = await loadTrustedDocuments(config.TRUSTED_DOCUMENTS_FILE);
  const publicError = createPublicError({
    isProduction: config.NODE_ENV === 'production',
    onFault: faultLog(logger),
  });
  const usage = config.USAGE_URL === undefined ? undefined : started.use(createUsage(config, config.USAGE_URL, { logger, breakers }));
  const shared: SharedParts = { config, logger, metrics, counted, redis, documents, denials, publicError, usage, breakers };

  const caches = createCaches({
    keepsResponses: config.RESPONSE_CACHE,
    keepsEntities: config.ENTITY_CACHE,
    nearBytes: config.CACHE_BYTES,
    stale: { whileRevalidateSeconds: config.STALE_WHILE_REVALIDATE, ifErrorSeconds: config.STALE_IF_ERROR },
    redis,
    onLookup: counted.cacheAsked,
  });
  const options = pipelineOptions(shared);
  const plans = redis && redisPlans(redis, () => counted.fellBack('plans'));
  const executors = createExecutors(config, logger, { ...caches, plans, breakers });
  started.defer(() => executors.close());
  const source = await openSupergraphSource(config, logger, breakers);
  const schema = await LiveSchema.start(source, {
    build: (sdl) =>
      buildGeneration(sdl, {
        createExecutor: executors.create,
        subgraphUrls: config.subgraphUrls,
        operationCacheSize: config.OPERATION_CACHE_SIZE,
      }),
    execute: (_generation, requestContext) =>
      executeOperation((requestContext.context as GatewayContext).operation, { requestContext, responses: caches.responses }),
    prepare: async (next, live) => {
      const ready = await warmUp(next, live, {
        check: options.check,
        operations: config.WARM_UP_OPERATIONS,
        deadlineMs: config.WARM_UP_TIMEOUT_MS,
      });
      logger.info({ schema: next.id.slice(0, 12), operations: ready }, 'new supergraph prepared');
    },
    retireAfterMs: config.REQUEST_TIMEOUT_MS * 2,
  });
  reportSchema(schema, shared);
  source.served(schema.current.sdl);
  schema.on('swapped', ({ sdl }) => source.served(sdl));
  started.defer(source.follow((sdl) => void schema.update(sdl)));

  const pipeline = createPipeline(options);
  const run = (state: OperationState) => runPipeline(pipeline, state, options);
  const { refusals } = options;
  const apollo = createApollo(schema, shared, { run, refusals });
  await apollo.start();
  started.defer(() => apollo.stop());
  const readiness = new Readiness();
  const health = link === undefined ? await startOperationsPort(shared, { readiness, caches, schema }) : undefined;
  started.defer(() => health?.close());
  link?.share(metrics);
  link?.onWritten((subgraph, written) => void caches.writes.bump(subgraph, written));
  const shortcut = createShortcut({
    generation: () => schema.current,
    run,
    execute: (state) => executeOperation(state, { responses: caches.responses }),
    publicError,
    showsExtensions: config.EXPOSE_COST,
    maxTokens: config.MAX_TOKENS,
  });
  const http = createHttp(apollo, shared, { readiness, refusals, shortcut: needsApolloServer(config) ? undefined : shortcut });
  await once(http.listen(config.PORT, config.HOST), 'listening');
  started.defer(() => promisify(http.close.bind(http))());
  readiness.ready();
  link?.serves(schema.current.subgraphs.keys());
  schema.on('swapped', ({ subgraphs }) => link?.serves(subgraphs.keys()));

  const parts = started.move();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= drain(readiness, config, parts, () => http.closeAllConnections()));
  const { port } = http.address() as AddressInfo;
  logger.info({ port, schema: schema.current.id.slice(0, 12), executor: config.EXECUTOR }, 'gateway ready');
  return {
    url: `http://localhost:${port}/graphql`,
    metricsUrl: `http://localhost:${health?.port ?? config.METRICS_PORT}/metrics`,
    schema,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function createDenials(redis: Redis, counted: GatewayMetrics): DenialLog {
  return createDenialLog({ redis, maxPending: 500, intervalMs: 1_000, onShed: counted.shedDenials, now: Date.now });
}

function createUsage(config: Config, url: string, { logger, breakers }: { logger: Logger; breakers: CircuitBreakers }): UsageReporter {
  return createUsageReporter({
    url,
    ask: guardedFetch(breakers, { id: 'usage reports', timeoutMs: 'own' }),
    key: config.USAGE_KEY ?? '',
    graphRef: config.USAGE_GRAPH_REF,
    share: config.USAGE_PERCENT / 100,
    intervalMs: config.USAGE_INTERVAL_MS,
    random: Math.random,
    now: () => new Date(),
    onError: (error) => logger.warn({ err: error }, 'usage cannot be reported'),
  });
}

function reportSchema(schema: LiveSchema, { logger, counted }: SharedParts): void {
  counted.schemaServed(schema.current.id.slice(0, 12));
  schema.on('swapped', (generation) => {
    counted.schemaUpdated('swapped');
    counted.schemaServed(generation.id.slice(0, 12));
    logger.info({ schema: generation.id.slice(0, 12) }, 'supergraph swapped');
  });
  schema.on('refused', (reason) => {
    counted.schemaUpdated('refused');
    logger.error({ err: reason, schema: schema.current.id.slice(0, 12) }, 'new supergraph refused: the old one keeps serving');
  });
}

/** Not ready first, so that balancers stop sending; then requests in flight finish; what is not done by the deadline is cut. */
async function drain(readiness: Readiness, config: Config, parts: AsyncDisposableStack, cut: () => void): Promise<void> {
  readiness.drain();
  await sleep(config.DRAIN_DELAY_MS);
  const deadline = setTimeout(cut, config.DRAIN_TIMEOUT_MS);
  try {
    await parts.disposeAsync();
  } finally {
    clearTimeout(deadline);
  }
}
