import { join } from 'node:path';
import { migrate } from '@app/database';
import type { PlatformConfig, SubgraphName } from './config.ts';
import { type DatabaseRoles, migrateDatabase, provisionDatabase, roleUrl } from './databases.ts';
import { startPostgres } from './postgres.ts';
import { appPassword, ownerPassword } from './process-specs.ts';
import type { Progress } from './progress.ts';
import { findSubgraphs, type ProjectLayout } from './project-layout.ts';
import { startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';
import type { Secrets } from './secrets.ts';
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

/** Provides a migrated database for every subgraph, embedded or where `DATABASE_URL_*` says. */
export async function provideDatabases(options: DataServiceOptions): Promise<Record<SubgraphName, DatabaseUrls>> {
  const { config, progress } = options;
  const isEmbedded = config.subgraphs.some(({ databaseUrl }) => databaseUrl === undefined);
  const adminUrl = isEmbedded ? await progress.step(`Postgres on port ${config.postgresPort}`, () => providePostgres(options)) : '';
  return prepareDatabases(options, adminUrl);
}

/** Databases, roles and migrations on the server at `adminUrl`, or where `DATABASE_URL_*` says. */
export function prepareDatabases(
  options: Pick<DataServiceOptions, 'config' | 'progress' | 'layout' | 'secrets'>,
  adminUrl: string,
): Promise<Record<SubgraphName, DatabaseUrls>> {
  const { config, progress } = options;
  return progress.step('databases migrated', async () => {
    const schemas = await findSubgraphs(options.layout);
    const entries = config.subgraphs.map(async ({ name, databaseUrl }) => {
      const hasSchema = schemas.includes(name);
      const urls =
        databaseUrl === undefined ? await provideEmbedded(options, adminUrl, name, hasSchema) : { app: databaseUrl, owner: databaseUrl };
      if (databaseUrl !== undefined && hasSchema)
        await migrate({ url: databaseUrl, migrationsDir: options.layout.database(name).migrationsDir });
      return [name, urls] as const;
    });
    return Object.fromEntries(await Promise.all(entries)) as Record<SubgraphName, DatabaseUrls>;
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

async function provideEmbedded(
  options: Pick<DataServiceOptions, 'layout' | 'secrets'>,
  adminUrl: string,
  name: SubgraphName,
  hasSchema: boolean,
): Promise<DatabaseUrls> {
  const roles = databaseRoles(name, options.secrets);
  const wanted = { adminUrl, database: name, roles };
  await provisionDatabase(wanted);
  if (hasSchema) await migrateDatabase({ ...wanted, migrationsDir: options.layout.database(name).migrationsDir });
  return { app: roleUrl(adminUrl, name, roles.app), owner: roleUrl(adminUrl, name, roles.owner) };
}

/** The roles of a subgraph's embedded database. */
export function databaseRoles(name: SubgraphName, secrets: Secrets): DatabaseRoles {
  return {
    owner: { name: `${name}_owner`, password: secrets[ownerPassword(name)] ?? '' },
    app: { name: `${name}_app`, password: secrets[appPassword(name)] ?? '' },
  };
}
