import { testDatabase } from '@app/testing';
import { allMigrations } from '@dbos-inc/dbos-sdk/internal/sysdb_migrations/internal/migrations';
import { getCurrentSysDBVersion } from '@dbos-inc/dbos-sdk/internal/sysdb_migrations/migration_runner';
import { Client } from 'pg';
import { expect, test } from 'vitest';

test('the migration leaves the tables that the installed DBOS wants, and the least-privileged role can use them', async () => {
  await using database = await testDatabase('orders');
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const wanted = allMigrations('dbos', { useListenNotify: true, isCockroach: false }).length;
    expect(await getCurrentSysDBVersion(client, 'dbos')).toBe(wanted);
    await client.query('SELECT 1 FROM dbos.workflow_status, workflow.run, workflow.executor');
    await expect(client.query('CREATE TABLE workflow.more (id text)')).rejects.toThrow('permission denied');
  } finally {
    await client.end();
  }
});
