import type { AddressInfo } from 'node:net';
import { createLogger, createMetrics, type Logger, Readiness } from '@app/observability';
import type pg from 'pg';
import type { RegistryConfig } from './config.ts';
import { openDatabase } from './data/database.ts';
import { Publications } from './data/publications.ts';
import { forgetUsage } from './data/usage.ts';
import type { Parts } from './http/parts.ts';
import { createServer } from './http/server.ts';
import { SchemaThread } from './work/schema-thread.ts';

/** What a process is made of. */
export interface Surroundings {
  readonly config: RegistryConfig;
  readonly logger?: Logger;
  readonly now?: () => Date;
}

/** A running registry. */
export interface Registry extends AsyncDisposable {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Answers who waits, finishes what is under way, and stops; safe to call twice. */
  stop(): Promise<void>;
}

const MOST_WAITING_JOBS = 50;

/** Builds the registry, in order, and listens. The database must be migrated. */
export async function startRegistry({
  config,
  logger = createLogger({ service: 'registry', level: config.LOG_LEVEL }),
  now = () => new Date(),
}: Surroundings): Promise<Registry> {
  await using started = new AsyncDisposableStack();
  const onError = (error: Error) => logger.warn({ err: error }, 'database connection lost');
  const database = { url: config.DATABASE_URL_REGISTRY, statementTimeoutMs: config.STATEMENT_TIMEOUT_MS, onError };
  const pool = started.adopt(openDatabase(database), (open) => open.end());
  const writes = started.adopt(openDatabase(database), (open) => open.end());
  const jobs = started.use(new SchemaThread({ deadlineMs: config.SCHEMA_WORK_TIMEOUT_MS, maxQueue: MOST_WAITING_JOBS }));
  const publications = started.use(new Publications({ url: config.DATABASE_URL_REGISTRY, onError }));
  await publications.start();
  const parts: Parts = { config, logger, pool, writes, publications, jobs, now };

  started.use(forgetRegularly(parts));

  const readiness = new Readiness({
    database: async () => {
      await pool.query('SELECT 1');
    },
  });
  const http = createServer(parts, { readiness, metrics: createMetrics({ service: 'registry' }) });
  await http.listen({ port: config.REGISTRY_PORT, host: config.REGISTRY_HOST });
  started.defer(() => http.close());
  readiness.ready();

  const all = started.move();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    readiness.drain();
    publications.release();
    stopping ??= all.disposeAsync();
    return stopping;
  };
  const { port } = http.server.address() as AddressInfo;
  logger.info({ port }, 'registry ready');
  return { url: `http://localhost:${port}`, pool, stop, [Symbol.asyncDispose]: stop };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Once at the start and then each hour. */
function forgetRegularly({ pool, config, logger, now }: Parts): Disposable {
  const forget = () => {
    const before = new Date(now().getTime() - config.USAGE_RETENTION_DAYS * DAY_MS);
    forgetUsage(pool, before).catch((error: unknown) => logger.warn({ err: error }, 'old usage could not be deleted'));
  };
  forget();
  const timer = setInterval(forget, HOUR_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
