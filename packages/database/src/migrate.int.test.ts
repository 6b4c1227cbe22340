import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchDir, withClient } from '@app/platform';
import { testDatabase } from '@app/testing';
import { expect, inject, test } from 'vitest';
import { migrate } from './migrate.ts';
import { createMigration, diffMigrations } from './migrate-diff.ts';

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model thing {
  id    String @id
  name  String
  state String
  @@index([name])
}
`;

/** A schema and its first migration on disk, and an empty database. */
async function project() {
  const scratch = await scratchDir('migrations');
  const database = await testDatabase();
  const paths = { schemaFile: join(scratch.path, 'schema.prisma'), migrationsDir: join(scratch.path, 'migrations') };
  await writeFile(paths.schemaFile, SCHEMA);
  const diff = { url: inject('postgresUrl'), ...paths };
  const create = (name: string) => createMigration({ ...diff, name, now: new Date('2026-02-03T04:05:06.789Z') });
  return {
    ...paths,
    create,
    diff: () => diffMigrations(diff),
    migrate: () => migrate({ url: database.url, migrationsDir: paths.migrationsDir }),
    query: async (sql: string) => (await withClient(database.url, (client) => client.query(sql))).rows,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

test('a migration is written from the schema, applied once, and noted the way Prisma does', async () => {
  await using it = await project();
  const file = await it.create('First tables!');
  expect(file).toBe(join(it.migrationsDir, '20260203040506_first_tables', 'migration.sql'));
  expect(await it.migrate()).toEqual(['20260203040506_first_tables']);
  expect(await it.migrate()).toEqual([]);
  expect(await it.query("INSERT INTO thing VALUES ('a', 'b', 'c') RETURNING id")).toEqual([{ id: 'a' }]);
  expect(await it.query('SELECT migration_name, checksum, finished_at IS NOT NULL AS done FROM _prisma_migrations')).toEqual([
    { migration_name: '20260203040506_first_tables', checksum: expect.stringMatching(/^[0-9a-f]{64}$/), done: true },
  ]);
});

test('migrations applied at the same moment are applied once', async () => {
  await using it = await project();
  await it.create('first');
  const applied = await Promise.all([it.migrate(), it.migrate(), it.migrate()]);
  expect(applied.flat()).toEqual(['20260203040506_first']);
});

test('schema and migrations agree until one of them changes', async () => {
  await using it = await project();
  await it.create('first');
  expect(await it.diff()).toBe('');
  expect(await it.create('again')).toBeUndefined();
  await writeFile(it.schemaFile, SCHEMA.replace('name  String\n', 'name  String\n  size  Int?\n'));
  expect(await it.diff()).toContain('ADD COLUMN     "size" INTEGER');
});

test('indexes that a schema cannot express are left alone; an ordinary one that it lacks is drift', async () => {
  await using it = await project();
  const file = (await it.create('first')) ?? '';
  const handmade = `
    CREATE UNIQUE INDEX "open_thing" ON "thing"("name") WHERE "state" = 'open';
    CREATE INDEX covering ON "thing"("name") INCLUDE ("state");
    CREATE INDEX "words" ON "thing" USING gin (to_tsvector('simple', "name"));
    CREATE INDEX "lower_name" ON "thing"(lower("name"));
    ALTER TABLE "thing" ADD CONSTRAINT "name_given" CHECK ("name" <> '');
    CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER nothing BEFORE UPDATE ON "thing" FOR EACH ROW EXECUTE FUNCTION nothing();`;
  await writeFile(file, `${await readFile(file, 'utf8')}${handmade}`);
  expect(await it.diff()).toBe('');
  expect(await it.migrate()).toHaveLength(1);
  await writeFile(file, `${await readFile(file, 'utf8')}\nCREATE INDEX "plain" ON "thing"("state");`);
  expect(await it.diff()).toContain('DROP INDEX "plain"');
});

test('a migration edited after it was applied, and one that is gone, are named', async () => {
  await using it = await project();
  const file = (await it.create('first')) ?? '';
  await it.migrate();
  const content = await readFile(file, 'utf8');
  await writeFile(file, `${content}-- changed`);
  await expect(it.migrate()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED', message: expect.stringContaining('20260203040506_first') });
  await rm(it.migrationsDir, { recursive: true });
  await expect(it.migrate()).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN', message: expect.stringContaining('20260203040506_first') });
});

test('a migration that fails says which, why and what to do, and stays failed until someone decides', async () => {
  await using it = await project();
  await it.create('first');
  const folder = join(it.migrationsDir, '20260301000000_broken');
  await mkdir(folder);
  await writeFile(join(folder, 'migration.sql'), 'ALTER TABLE "nothing" ADD COLUMN x int;');
  const failure = {
    code: 'MIGRATION_FAILED',
    message: expect.stringMatching(/20260301000000_broken failed: No such table: nothing$/),
  };
  await expect(it.migrate()).rejects.toMatchObject(failure);
  await expect(it.migrate()).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('20260301000000_broken') });
  expect(await it.query("SELECT to_regclass('thing') IS NOT NULL AS there")).toEqual([{ there: true }]);
});

test('a migration folder without its file, and a schema that is wrong, are errors with a way out', async () => {
  await using it = await project();
  await mkdir(join(it.migrationsDir, '20260301000000_empty'), { recursive: true });
  await expect(it.migrate()).rejects.toMatchObject({
    code: 'MIGRATION_UNREADABLE',
    remedy: expect.stringContaining('20260301000000_empty'),
  });
  await rm(it.migrationsDir, { recursive: true });
  await writeFile(it.schemaFile, 'model {');
  await expect(it.diff()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
});
