import { AnnouncedWrites, connectRedis, type ResponseCacheOptions, responseCache, sayWhatIsOwed } from '@app/cache';
import { createLogger, createMetrics, type Logger, Readiness } from '@app/observability';
import { type RpcServer, startRpcServer } from '@app/rpc';
import { type SubgraphServer, type SubgraphServerOptions, startSubgraphServer } from '@app/subgraph';
import type { Redis } from 'ioredis';
import type { ProductsConfig } from './config.ts';
import { type Database, openDatabase } from './data/client.ts';
import { tagsOfChange } from './domain/cache-tags.ts';
import { catalogueTags } from './graph/catalogue.tags.ts';
import { contextFor, type ProductsContext } from './graph/context.ts';
import { productsSchema } from './graph/schema.ts';
import { mediaRoute } from './http/media-route.ts';
import { rpcRoutes } from './rpc/routes.ts';
import type { ProductsApp } from './service/ports.ts';

/** What a process is made of, built by hand, in order. */
export interface Surroundings {
  readonly config: ProductsConfig;
  readonly logger?: Logger;
  readonly now?: () => Date;
  /** Told every SQL statement: tests count them. */
  readonly onQuery?: (sql: string) => void;
}

/** What server and worker share; `close` gives everything back. */
export interface Parts {
  readonly app: ProductsApp;
  readonly db: Database;
  readonly redis: Redis | null;
  /** What caches are told of. */
  readonly writes: AnnouncedWrites;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** Opens database and Redis and wires the use cases. */
export function buildParts({ config, logger: given, now = () => new Date(), onQuery }: Surroundings): Parts {
  const logger = given ?? createLogger({ service: 'products', level: config.LOG_LEVEL });
  const db = openDatabase(config.DATABASE_URL_PRODUCTS, { applicationName: 'products', ...(onQuery && { onQuery }) });
  const onRedisError = (error: unknown) => logger.warn({ err: error }, 'redis is away');
  const redis = config.REDIS_URL === undefined ? null : connectRedis(config.REDIS_URL, onRedisError);
  const writes = new AnnouncedWrites({ redis, subgraph: 'products', onError: onRedisError });
  const app: ProductsApp = {
    db,
    now,
    defaultCurrency: config.DEFAULT_CURRENCY,
    mediaUrl: (config.MEDIA_URL ?? `http://localhost:${config.PRODUCTS_PORT}`).replace(/\/$/, ''),
    catalogueChanged: (change) => writes.tell(change && { tags: tagsOfChange(change) }),
  };
  const close = async () => {
    writes.close();
    redis?.disconnect();
    await db.$disconnect();
  };
  return { app, db, redis, writes, logger, close };
}

/** A running products subgraph. */
export interface ProductsServer {
  readonly parts: Parts;
  readonly server: SubgraphServer;
  readonly rpc: RpcServer;
  readonly readiness: Readiness;
}

/** Starts the GraphQL server and the RPC server on the configured ports. */
export async function startProducts(surroundings: Surroundings): Promise<ProductsServer> {
  const { config } = surroundings;
  const { schema } = await productsSchema();
  const parts = buildParts(surroundings);
  const readiness = new Readiness({ database: async () => void (await parts.db.$queryRaw`SELECT 1`) });
  const rpc = await startRpcServer(
    {
      name: 'products',
      key: config.INTERNAL_KEY_PRODUCTS,
      routes: rpcRoutes(parts.app),
      onError: (error) => parts.logger.error({ err: error }, 'a call failed'),
    },
    config.PRODUCTS_RPC_PORT,
  );
  const metrics = createMetrics({ service: 'products' });
  const server = await startSubgraphServer<ProductsContext>(
    {
      name: 'products',
      schema,
      internalKey: config.INTERNAL_KEY_PRODUCTS,
      context: (call) => contextFor(parts.app, call),
      logger: parts.logger,
      readiness,
      metrics,
      plugins: cachePlugins(parts, { metrics, isOn: config.SUBGRAPH_CACHE }),
      routes: { '/media/*': mediaRoute(parts.app) },
    },
    config.PRODUCTS_PORT,
  );
  readiness.ready();
  return { parts, server, rpc, readiness };
}

/** Everybody with the same rights sees the same catalogue; exact stock is never cached (its hint says so). */
function cachePlugins(
  { redis, writes }: Parts,
  options: Pick<ResponseCacheOptions<ProductsContext>, 'metrics' | 'isOn'>,
): NonNullable<SubgraphServerOptions<ProductsContext>['plugins']> {
  if (redis === null) return [sayWhatIsOwed(writes)];
  const principalOf = ({ viewer }: ProductsContext) => viewer.principal;
  const cache = responseCache<ProductsContext>({ ...options, redis, name: 'products', principalOf, writes });
  return [sayWhatIsOwed(writes), catalogueTags, cache];
}
