import { join } from 'node:path';
import {
  defaultCacheDir,
  findRedis,
  freePort,
  PlatformError,
  type PostgresServer,
  type RedisServer,
  scratchDir,
  startPostgres,
  startRedis,
} from '@app/platform';

/** The servers of one test run. */
export interface TestServices {
  /** Superuser connection string of the database `postgres`. */
  readonly postgresUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

/** What the surroundings say about where programs are found; a Redis at `REDIS_URL` is not used for tests. */
export interface TestSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: (what: string) => void;
}

const MOST_CONNECTIONS = 400;
const MOST_PORT_TRIES = 5;

/** Starts a Postgres and a Redis of this run's own on free ports; neither keeps anything once stopped. */
export async function startTestServices({ env, onProgress }: TestSurroundings): Promise<TestServices> {
  const scratch = await scratchDir('test');
  const folder = scratch.path;
  const started = await Promise.allSettled([startTestPostgres(folder), startTestRedis(folder, env, onProgress)]);
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)));
    await scratch[Symbol.asyncDispose]();
  };
  const [postgres, redis] = started;
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') {
    return { postgresUrl: postgres.value.url('postgres'), redisUrl: redis.value.url, stop };
  }
  await stop();
  throw started.find((result) => result.status === 'rejected')?.reason;
}

async function startTestPostgres(folder: string): Promise<PostgresServer> {
  return onFreePort((port) =>
    startPostgres({
      dataDir: join(folder, 'postgres'),
      port,
      password: 'test',
      mode: 'throwaway',
      maxConnections: MOST_CONNECTIONS,
    }),
  );
}

async function startTestRedis(folder: string, env: NodeJS.ProcessEnv, onProgress: (what: string) => void): Promise<RedisServer> {
  const program = await findRedis({ path: env['PATH'] ?? '', cacheDir: defaultCacheDir(env), onProgress });
  return onFreePort((port) => startRedis({ program, port, dataDir: folder, mode: 'throwaway' }));
}

/** Another process may take the port between finding it and using it; then the next one is tried. */
export async function onFreePort<Server>(start: (port: number) => Promise<Server>): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      const isTaken = error instanceof PlatformError && error.code === 'PORT_TAKEN';
      if (!isTaken || attempt === MOST_PORT_TRIES) throw error;
    }
  }
}
