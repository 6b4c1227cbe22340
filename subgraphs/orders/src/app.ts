import { createHmac } from 'node:crypto';
import { AnnouncedWrites, connectRedis, type ResponseCacheOptions, responseCache } from '@app/cache';
import { CommittedWrites, followCommits } from '@app/cache/committed-writes';
import { createLogger, createMetrics, type Logger, Readiness } from '@app/observability';
import { connectRpc } from '@app/rpc';
import { type SubgraphServer, type SubgraphServerOptions, startSubgraphServer } from '@app/subgraph';
import { connectWorkflows, observeWith, type WorkflowClient } from '@app/workflow';
import type { Redis } from 'ioredis';
import type { OrdersConfig } from './config.ts';
import { makeContext, type OrdersContext } from './context.ts';
import { type Database, openDatabase } from './data/database.ts';
import { ordersTags } from './graph/orders.tags.ts';
import { createCatalogueClient } from './rpc/catalogue-client.ts';
import { createInventoryClient } from './rpc/inventory-client.ts';
import { createPaymentsClient, paymentsTimeoutMs } from './rpc/payments-client.ts';
import { buildOrdersSchema } from './schema.ts';
import type { Deps } from './service/deps.ts';
import { workflows } from './workflows/registry.ts';
import { runsOf } from './workflows/runs.ts';

/** What a process is made of, built by hand, in order. */
export interface Surroundings {
  readonly config: OrdersConfig;
  readonly logger?: Logger;
  readonly now?: () => Date;
  /** Told every SQL statement: tests count them. */
  readonly onQuery?: (sql: string) => void;
}

/** What server and worker share; `close` gives everything back. */
export interface Parts {
  readonly deps: Deps;
  readonly db: Database;
  readonly redis: Redis | null;
  /** Undefined: there is no Redis, and nothing is kept. */
  readonly committed: CommittedWrites | undefined;
  readonly workflows: WorkflowClient;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** Opens the database, Redis and the connections to products and payments, and wires the use cases. */
export function buildParts({ config, logger: given, now = () => new Date(), onQuery }: Surroundings): Parts {
  const logger = given ?? createLogger({ service: 'orders', level: config.LOG_LEVEL });
  const db = openDatabase(config.DATABASE_URL_ORDERS, { encryptionKeys: config.ENCRYPTION_KEYS, ...(onQuery && { onQuery }) });
  const onRedisError = (error: unknown) => logger.warn({ err: error }, 'redis is away');
  const redis = config.REDIS_URL === undefined ? null : connectRedis(config.REDIS_URL, onRedisError);
  const committed = redis === null ? undefined : hearCommits(config, { db, redis, logger });
  const products = connectRpc({ audience: 'products', url: config.PRODUCTS_RPC_URL, key: config.INTERNAL_KEY_PRODUCTS, caller: 'orders' });
  const workflowClient = connectWorkflows({ name: 'orders', url: config.DATABASE_URL_ORDERS, workflows, observe: observeWith(logger) });
  const payments = connectRpc({
    audience: 'payments',
    url: config.PAYMENTS_RPC_URL,
    key: config.INTERNAL_KEY_PAYMENTS,
    caller: 'orders',
    timeoutMs: paymentsTimeoutMs,
  });
  const deps: Deps = {
    db,
    catalogue: createCatalogueClient(products),
    inventory: createInventoryClient(products),
    runs: runsOf(workflowClient),
    runDesk: workflowClient,
    payments: createPaymentsClient(payments),
    now,
    logger,
    guestKey: createHmac('sha256', config.INTERNAL_KEY_ORDERS).update('guest orders').digest('base64url'),
    deliverAfterMs: config.DELIVER_AFTER_SECONDS * 1000,
    publicUrl: config.PUBLIC_URL.replace(/\/$/, ''),
  };
  const close = async () => {
    products.close();
    payments.close();
    await committed?.close();
    redis?.disconnect();
    await workflowClient.close();
    await db.$disconnect();
  };
  return { deps, db, redis, committed, workflows: workflowClient, logger, close };
}

/** Caches are told of what is written to orders, by what the database says of each commit. */
function hearCommits({ DATABASE_URL_ORDERS: url }: OrdersConfig, { db, redis, logger }: HearCommitsOptions): CommittedWrites {
  const onError = (error: unknown) => logger.warn({ err: error }, 'caches could not be told of a write yet');
  return new CommittedWrites({
    url,
    applicationName: 'orders-commits',
    channel: 'orders_written',
    notify: (channel, payload) => db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`,
    writes: new AnnouncedWrites({ redis, subgraph: 'orders', onError }),
    onTrouble: (error) => logger.warn({ err: error }, 'commits cannot be heard of: nothing of orders is cached'),
  });
}

interface HearCommitsOptions extends Pick<Parts, 'db' | 'logger'> {
  readonly redis: Redis;
}

/** A running orders subgraph. */
export interface OrdersServer {
  readonly parts: Parts;
  readonly server: SubgraphServer;
  readonly readiness: Readiness;
}

/** Starts the server on the configured port. */
export async function startOrders(surroundings: Surroundings): Promise<OrdersServer> {
  const { config } = surroundings;
  const { schema } = await buildOrdersSchema();
  const parts = buildParts(surroundings);
  const readiness = new Readiness({ database: async () => void (await parts.db.$queryRaw`SELECT 1`) });
  const metrics = createMetrics({ service: 'orders' });
  const server = await startSubgraphServer<OrdersContext>(
    {
      name: 'orders',
      schema,
      internalKey: config.INTERNAL_KEY_ORDERS,
      context: (call) => makeContext(parts.deps, call),
      logger: parts.logger,
      readiness,
      metrics,
      plugins: cachePlugins(parts, { metrics, isOn: config.SUBGRAPH_CACHE }),
    },
    config.ORDERS_PORT,
  );
  readiness.ready();
  return { parts, server, readiness };
}

/** Orders are kept for whom they are shown to, delivery estimates for everybody; carts and what is encrypted are not (their hints say so). */
function cachePlugins(
  { redis, committed }: Parts,
  options: Pick<ResponseCacheOptions<OrdersContext>, 'metrics' | 'isOn'>,
): NonNullable<SubgraphServerOptions<OrdersContext>['plugins']> {
  if (redis === null || committed === undefined) return [followCommits(undefined)];
  const principalOf = ({ principal }: OrdersContext) => principal;
  const cache = responseCache<OrdersContext>({ ...options, redis, name: 'orders', principalOf, writes: committed });
  return [followCommits(committed), ordersTags, cache];
}
