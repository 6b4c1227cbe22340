import { join } from 'node:path';
import { migrate } from '@app/database';
import { ensureSecrets, migrateDatabase, type PostgresServer, provisionDatabase, roleUrl, startPostgres } from '@app/platform';
import type { EmbeddedConfig } from './config.ts';

/** A migrated database, and what ends the server that was started for it. */
export interface ProvidedDatabase extends AsyncDisposable {
  /** For the service: reads and writes rows. */
  readonly url: string;
}

const DATABASE = 'registry';
const SECRETS = { postgres: 'POSTGRES_PASSWORD', owner: 'REGISTRY_OWNER_PASSWORD', app: 'REGISTRY_APP_PASSWORD' } as const;

/** The database of DATABASE_URL_REGISTRY, else that of a Postgres of the registry's own, started here; migrated. */
export async function provideDatabase(config: EmbeddedConfig): Promise<ProvidedDatabase> {
  const migrationsDir = migrationsOf(config);
  if (config.databaseUrl !== undefined) {
    await migrate({ url: config.databaseUrl, migrationsDir });
    return { url: config.databaseUrl, [Symbol.asyncDispose]: async () => undefined };
  }
  const { password, roles } = await secretsOf(config);
  const server = await startPostgres({
    dataDir: join(config.folder, 'postgres'),
    port: config.postgresPort,
    portVariable: 'REGISTRY_POSTGRES_PORT',
    password,
    mode: 'durable',
  });
  try {
    return { url: await prepare(server, { roles, migrationsDir }), [Symbol.asyncDispose]: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Where the database is that {@link provideDatabase} provides elsewhere, as a role of it. */
export async function databaseUrl(config: EmbeddedConfig, role: keyof Roles): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const { roles } = await secretsOf(config);
  return roleUrl(`postgresql://127.0.0.1:${config.postgresPort}`, DATABASE, roles[role]);
}

/** Folder of the registry's migrations. */
export function migrationsOf({ root }: Pick<EmbeddedConfig, 'root'>): string {
  return join(root, 'prisma', 'registry', 'migrations');
}

async function prepare(server: PostgresServer, { roles, migrationsDir }: { roles: Roles; migrationsDir: string }): Promise<string> {
  const wanted = { adminUrl: server.url('postgres'), database: DATABASE, roles };
  await provisionDatabase(wanted);
  await migrateDatabase({ ...wanted, migrationsDir });
  return roleUrl(wanted.adminUrl, DATABASE, roles.app);
}

type Roles = Parameters<typeof provisionDatabase>[0]['roles'];

async function secretsOf(config: EmbeddedConfig): Promise<{ password: string; roles: Roles }> {
  const secrets = await ensureSecrets(join(config.folder, 'secrets.json'), Object.values(SECRETS));
  const role = (name: string, secret: string) => ({ name, password: secrets[secret] ?? '' });
  return {
    password: secrets[SECRETS.postgres] ?? '',
    roles: { owner: role('registry_owner', SECRETS.owner), app: role('registry_app', SECRETS.app) },
  };
}
