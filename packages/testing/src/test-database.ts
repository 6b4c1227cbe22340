import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DatabaseRoles, migrateDatabase, provisionDatabase, roleUrl, withClient } from '@app/platform';
import type { Client } from 'pg';
import { inject } from 'vitest';

/** A database of one test file; dropped when disposed. */
export interface TestDatabase extends AsyncDisposable {
  /** As the subgraph itself connects: reads and writes rows, changes no structure. Of an empty database: its owner. */
  readonly url: string;
  /** As the owner of the tables: for what a test has to do beyond the subgraph's rights (TRUNCATE, DDL). */
  readonly ownerUrl: string;
  readonly name: string;
}

const ROLES: DatabaseRoles = {
  owner: { name: 'test_owner', password: 'test' },
  app: { name: 'test_app', password: 'test' },
};

/** Any number does; it keeps other advisory locks of the run apart from this one. */
const TEMPLATE_LOCK = 7_310_419;

/**
 * A fresh database with the migrations of a subgraph (`prisma/<subgraph>/migrations`), copied from a template that the
 * first caller of the run makes; a copy takes some tens of milliseconds. Without a name: an empty database.
 *
 * @example await using database = await testDatabase('orders');
 * @throws Error when the subgraph has no migrations; MigrationError when they do not apply.
 */
export async function testDatabase(subgraph?: string): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl');
  const template = subgraph === undefined ? 'template1' : await ensureTemplate(adminUrl, subgraph);
  const name = `test_${subgraph ?? 'empty'}_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await withClient(adminUrl, async (client) => {
    if (subgraph === undefined) await ensureRoles(adminUrl);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${ROLES.owner.name}`);
  });
  const ownerUrl = roleUrl(adminUrl, name, ROLES.owner);
  return {
    name,
    ownerUrl,
    url: subgraph === undefined ? ownerUrl : roleUrl(adminUrl, name, ROLES.app),
    async [Symbol.asyncDispose]() {
      await withClient(adminUrl, async (client) => {
        await untilUnused(client, name);
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      });
    },
  };
}

/** Pools have ended a moment before their connections have; one that is cut in that moment tells nobody but the process, which ends. */
async function untilUnused(client: Client, database: string): Promise<void> {
  for (const until = performance.now() + 300; performance.now() < until; await sleep(10)) {
    const { rows } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [database]);
    if (rows.length === 0) return;
  }
}

async function ensureTemplate(adminUrl: string, subgraph: string): Promise<string> {
  const template = `template_${subgraph}`;
  const migrationsDir = fileURLToPath(new URL(`../../../prisma/${subgraph}/migrations`, import.meta.url));
  await withTemplateLock(adminUrl, async (isMissing) => {
    if (!(await isMissing(template))) return;
    if ((await readdir(migrationsDir).catch(() => [])).length === 0) {
      throw new Error(`prisma/${subgraph}/migrations has no migrations: \`npm run migrate -- create ${subgraph} first\` writes one.`);
    }
    const draft = `${template}_draft`;
    await withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`));
    const options = { adminUrl, database: draft, roles: ROLES };
    await provisionDatabase(options);
    await migrateDatabase({ ...options, migrationsDir });
    await withClient(adminUrl, (client) => client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`));
  });
  return template;
}

async function ensureRoles(adminUrl: string): Promise<void> {
  await withTemplateLock(adminUrl, async (isMissing) => {
    if (await isMissing('template_empty')) await provisionDatabase({ adminUrl, database: 'template_empty', roles: ROLES });
  });
}

type IsMissing = (database: string) => Promise<boolean>;

/** Test files run in processes of their own; one of them makes a template while the others wait. */
async function withTemplateLock(adminUrl: string, work: (isMissing: IsMissing) => Promise<void>): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await work(async (database) => {
      const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      return found.rowCount === 0;
    });
  });
}
