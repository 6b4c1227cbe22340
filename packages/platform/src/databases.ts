import { migrate } from '@app/database';
import pg from 'pg';

/** The two roles of a subgraph's database. */
export interface DatabaseRoles {
  /** Owns the database and everything in it; only migrations connect as it. */
  readonly owner: { readonly name: string; readonly password: string };
  /** What the subgraph connects as: reads and writes rows, changes no structure. */
  readonly app: { readonly name: string; readonly password: string };
}

/** A database to be there with its roles. */
export interface ProvisionOptions {
  /** URL of a database of the same server, as a superuser. */
  readonly adminUrl: string;
  readonly database: string;
  readonly roles: DatabaseRoles;
}

/** The connection string of a role for a database of the server that `adminUrl` points to. */
export function roleUrl(adminUrl: string, database: string, role: { readonly name: string; readonly password: string }): string {
  const url = new URL(adminUrl);
  url.username = role.name;
  url.password = encodeURIComponent(role.password);
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * Creates the roles and the database where they are missing and sets what each role may do. Changes nothing when run again.
 *
 * Tables that the owner makes later can be read and written by the app role at once.
 */
export async function provisionDatabase({ adminUrl, database, roles }: ProvisionOptions): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await ensureRole(client, roles.owner);
    await ensureRole(client, roles.app);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${quote(database)} OWNER ${quote(roles.owner.name)}`);
    await client.query(`REVOKE ALL ON DATABASE ${quote(database)} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${quote(database)} TO ${quote(roles.app.name)}`);
  });
  await withClient(roleUrl(adminUrl, database, roles.owner), (client) => grantRows(client, roles));
}

/** Applies what a database lacks of a migrations folder, as its owner, and returns the names of what was applied. */
export async function migrateDatabase(options: ProvisionOptions & { readonly migrationsDir: string }): Promise<string[]> {
  const url = roleUrl(options.adminUrl, options.database, options.roles.owner);
  const applied = await migrate({ url, migrationsDir: options.migrationsDir });
  // The history decides what the next start does; a subgraph that could rewrite it could hide a change of structure.
  await withClient(url, (client) => client.query(`REVOKE ALL ON "_prisma_migrations" FROM ${quote(options.roles.app.name)}`));
  return applied;
}

async function ensureRole(client: pg.Client, role: { name: string; password: string }): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  const password = client.escapeLiteral(role.password);
  await client.query(`${verb} ROLE ${quote(role.name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${password}`);
}

async function grantRows(client: pg.Client, { owner, app }: DatabaseRoles): Promise<void> {
  const [to, by] = [quote(app.name), quote(owner.name)];
  await client.query(`
    GRANT USAGE ON SCHEMA public TO ${to};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${by} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${by} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${to};
  `);
}

/** Lends a connection for as long as `work` takes. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  // A server that shuts down says so to idle connections too; whoever queries next is told, nobody else has to be.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
