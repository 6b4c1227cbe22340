import { AnnouncedWrites, connectRedis, responseCache, sayWhatIsOwed } from '@app/cache';
import { type Logger, Metrics, Readiness } from '@app/observability';
import { type SubgraphServer, startSubgraphServer } from '@app/subgraph';
import type { Config } from './config.ts';
import { type Context, createContext } from './context.ts';
import { type Database, openDatabase } from './data/client.ts';
import { reviewsTags } from './graph/review.tags.ts';
import { reviewsSchema } from './graph/schema.ts';
import { createServices } from './services.ts';
import { connectRuns } from './workflows/connect-workflows.ts';
import { runsOf } from './workflows/runs.ts';

const NAME = 'reviews';

/** The running subgraph. */
export interface App {
  readonly server: SubgraphServer;
  close(): Promise<void>;
}

/** Builds and starts the subgraph, in order. */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  const { schema } = await reviewsSchema();
  const db = openDatabase(config.databaseUrl, { maxConnections: config.databasePoolSize, applicationName: NAME });
  const redis = connectRedis(config.redisUrl, (error) => logger.warn({ err: error }, 'redis is away'));
  const workflows = connectRuns(config.databaseUrl, logger);
  const onError = (error: unknown) => logger.warn({ err: error }, 'caches could not be told of a write yet');
  const writes = new AnnouncedWrites({ redis, subgraph: NAME, onError });
  const onWritten = (tags: readonly string[]) => writes.tell({ tags });
  const services = createServices({ db, runs: runsOf(workflows), now: () => new Date(), onWritten });
  const metrics = new Metrics({ service: NAME });
  const principalOf = ({ principal }: Context) => principal;
  const cache = responseCache<Context>({ redis, name: NAME, principalOf, metrics, isOn: config.isCacheOn, writes });
  const readiness = readinessOf(db);
  const options = { name: NAME, schema, internalKey: config.internalKey, logger, readiness, metrics };
  const context = (call: Parameters<typeof createContext>[1]) => createContext(services, call);
  const plugins = [sayWhatIsOwed<Context>(writes), reviewsTags, cache];
  const server = await startSubgraphServer<Context>({ ...options, context, plugins }, config.port);
  readiness.ready();
  const close = async () => {
    readiness.drain();
    await server.close();
    await workflows.close();
    await db.$disconnect();
    writes.close();
    redis.disconnect();
  };
  return { server, close };
}

function readinessOf(db: Database): Readiness {
  return new Readiness({
    database: async () => {
      await db.$queryRaw`SELECT 1`;
    },
  });
}
