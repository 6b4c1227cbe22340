import { readFile } from 'node:fs/promises';
import { allMigrations } from '@dbos-inc/dbos-sdk/internal/sysdb_migrations/internal/migrations';

/**
 * Prints the tables of workflows as one migration: DBOS's own, as its migrations of the installed version leave them, and
 * ours. A migration runs in one transaction, on tables that are empty, so nothing has to be built concurrently.
 */
const migrations = allMigrations('dbos', { useListenNotify: true, isCockroach: false });
const statements = migrations.flatMap(({ pg }) => pg ?? []);
const structure = statements.map((sql) => `${sql.replaceAll(' CONCURRENTLY', '').trim().replace(/;$/, '')};`);
const own = await readFile(new URL('../sql/run.sql', import.meta.url), 'utf8');
process.stdout.write(
  [
    '-- Tables of workflows; printed by `npm run sql -w @app/workflow`.',
    '',
    '-- DBOS keeps its books here; the version tells it that they are complete.',
    ...structure,
    `INSERT INTO "dbos"."dbos_migrations" ("version") SELECT ${migrations.length} WHERE NOT EXISTS (SELECT 1 FROM "dbos"."dbos_migrations");`,
    `UPDATE "dbos"."dbos_migrations" SET "version" = ${migrations.length};`,
    '',
    own,
  ].join('\n'),
);
