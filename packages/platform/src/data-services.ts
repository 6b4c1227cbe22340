import { join } from 'node:path';
import { MigrationError, migrate } from '@app/database';
import { all } from './all.ts';
import type { PlatformConfig } from './config.ts';
import { type DatabaseRoles, migrateDatabase, provisionDatabase, roleUrl } from './databases.ts';
import { startNats } from './nats.ts';
import { findNats } from './nats-program.ts';
import { startPostgres } from './postgres.ts';
import { appPassword, ownerPassword } from './process-specs.ts';
import type { Progress } from './progress.ts';
import { findSubgraphs, type ProjectLayout } from './project-layout.ts';
import { startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';
import type { Secrets } from './secrets.ts';
import { membersOf } from './service-list.ts';
import { keepService } from './supervised-service.ts';

/** What databases and Redis are provided from. */
export interface DataServiceOptions {
  readonly config: PlatformConfig;
  readonly layout: ProjectLayout;
  readonly secrets: Secrets;
  readonly progress: Progress;
  readonly mode: 'durable' | 'throwaway';
  /** The PATH to find Redis on and the folder to unpack it to. */
  readonly path: string;
  readonly cacheDir: string;
  readonly onLog: (service: string, line: string) => void;
  /** Everything that was started is told here at once, so that it is stopped when a later step fails. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/** Connection strings of one subgraph's database. */
export interface DatabaseUrls {
  readonly app: string;
  readonly owner: string;
}

/** Starts the embedded Redis unless `REDIS_URL` names another, and returns its address. */
export async function provideRedis(options: DataServiceOptions): Promise<string> {
  const { config, progress } = options;
  if (config.redisUrl !== undefined) return config.redisUrl;
  return progress.step(`Redis on port ${config.redisPort}`, async (update) => {
    const program = await findRedis({ path: options.path, cacheDir: options.cacheDir, onProgress: update });
    const start = () =>
      startRedis({
        program,
        port: config.redisPort,
        dataDir: join(config.dataDir, 'redis'),
        mode: options.mode,
        onLog: (line) => options.onLog('redis', line),
      });
    const service = await keepService(start, (text) => options.onLog('redis', text));
    options.onStarted(() => service.stop());
    return service.first.url;
  });
}

/** Starts the embedded NATS when events travel over it and `NATS_URL` names no other; answers its address. */
export async function provideNats(options: DataServiceOptions): Promise<string | undefined> {
  const { config, progress } = options;
  if (config.eventTransport !== 'nats' || config.natsUrl !== undefined) return config.natsUrl;
  return progress.step(`NATS on port ${config.natsPort}`, async (update) => {
    const program = await findNats({ path: options.path, cacheDir: options.cacheDir, onProgress: update });
    const dataDir = join(config.dataDir, 'nats');
    const start = () => startNats({ program, port: config.natsPort, dataDir, onLog: (line) => options.onLog('nats', line) });
    const service = await keepService(start, (text) => options.onLog('nats', text));
    options.onStarted(() => service.stop());
    return service.first.url;
  });
}

/** Provides a migrated database for every subgraph, embedded or where `DATABASE_URL_*` says. */
export async function provideDatabases(options: DataServiceOptions): Promise<Record<string, DatabaseUrls>> {
  const { config, progress } = options;
  const isEmbedded = membersOf(config).some(({ databaseUrl }) => databaseUrl === undefined);
  const adminUrl = isEmbedded ? await progress.step(`Postgres on port ${config.postgresPort}`, () => providePostgres(options)) : '';
  return prepareDatabases(options, adminUrl);
}

/** Databases, roles and migrations on the server at `adminUrl`, or where `DATABASE_URL_*` says. */
export function prepareDatabases(
  options: Pick<DataServiceOptions, 'config' | 'progress' | 'layout' | 'secrets'>,
  adminUrl: string,
): Promise<Record<string, DatabaseUrls>> {
  const { config, progress } = options;
  return progress.step('databases migrated', async () => {
    const schemas = await findSubgraphs(options.layout);
    const entries = membersOf(config).map(async ({ name, databaseUrl }) => {
      const place = { name, hasSchema: schemas.includes(name) };
      const urls = await (databaseUrl === undefined
        ? provideEmbedded(options, adminUrl, place)
        : migrateForeign(options, databaseUrl, place));
      return [name, urls] as const;
    });
    return Object.fromEntries(await all(entries));
  });
}

async function providePostgres(options: DataServiceOptions): Promise<string> {
  const start = () =>
    startPostgres({
      dataDir: join(options.config.dataDir, 'postgres'),
      port: options.config.postgresPort,
      password: options.secrets['POSTGRES_PASSWORD'] ?? '',
      mode: options.mode,
      onLog: (line) => options.onLog('postgres', line),
    });
  const service = await keepService(start, (text) => options.onLog('postgres', text));
  options.onStarted(() => service.stop());
  return service.first.url('postgres');
}

interface Place {
  readonly name: string;
  readonly hasSchema: boolean;
}

async function provideEmbedded(
  options: Pick<DataServiceOptions, 'layout' | 'secrets'>,
  adminUrl: string,
  place: Place,
): Promise<DatabaseUrls> {
  const { name } = place;
  const roles = databaseRoles(name, options.secrets);
  const wanted = { adminUrl, database: name, roles, ...options.layout.database(name) };
  await provisionDatabase(wanted);
  if (place.hasSchema) await named(name, () => migrateDatabase(wanted));
  return { app: roleUrl(adminUrl, name, roles.app), owner: roleUrl(adminUrl, name, roles.owner) };
}

/** A database somebody else provides has one role, given in its connection string. */
async function migrateForeign(options: Pick<DataServiceOptions, 'layout'>, url: string, { name, hasSchema }: Place): Promise<DatabaseUrls> {
  if (hasSchema) await named(name, () => migrate({ url, ...options.layout.database(name) }));
  return { app: url, owner: url };
}

/** With four databases in work at once, an error has to say whose it is. */
async function named<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    throw new MigrationError(error.code, `Database of ${name}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** The roles of a subgraph's embedded database. */
export function databaseRoles(name: string, secrets: Secrets): DatabaseRoles {
  return {
    owner: { name: `${name}_owner`, password: secrets[ownerPassword(name)] ?? '' },
    app: { name: `${name}_app`, password: secrets[appPassword(name)] ?? '' },
  };
}
