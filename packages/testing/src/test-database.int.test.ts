import { withClient } from '@app/platform';
import { expect, test } from 'vitest';
import { testDatabase } from './test-database.ts';

test('two databases without a name do not see each other, and each owner may change structure', async () => {
  await using one = await testDatabase();
  await using two = await testDatabase();
  await withClient(one.url, (client) => client.query('CREATE TABLE thing (id int)'));
  const { rows } = await withClient(two.url, (client) => client.query("SELECT to_regclass('thing') AS found"));
  expect(rows).toEqual([{ found: null }]);
});

test('a disposed database is gone although a connection to it was still open', async () => {
  const database = await testDatabase();
  await withClient(database.ownerUrl, async (client) => {
    client.on('error', () => undefined);
    await database[Symbol.asyncDispose]();
  }).catch(() => undefined);
  await expect(withClient(database.url, (client) => client.query('SELECT 1'))).rejects.toThrow(/does not exist/);
});

test('a subgraph without migrations is named together with the command that writes them', async () => {
  await expect(testDatabase('nowhere')).rejects.toThrow(/prisma\/nowhere\/migrations.*migrate -- create nowhere/);
});
