import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withClient } from './databases.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { type ScratchDir, scratchDir } from './scratch-dir.ts';

const options = async (scratch: ScratchDir, mode: 'durable' | 'throwaway' = 'durable') =>
  ({ dataDir: join(scratch.path, 'postgres'), port: await freePort(), password: 'pass word/ü', mode }) as const;

test('data is kept from one start to the next, and only with the password', async () => {
  await using scratch = await scratchDir('postgres');
  const first = await startPostgres(await options(scratch));
  await withClient(first.url('postgres'), (client) => client.query('CREATE TABLE kept AS SELECT 1 AS one'));
  await expect(withClient(`postgresql://postgres:wrong@127.0.0.1:${first.port}/postgres`, () => Promise.resolve())).rejects.toThrow(
    /password/,
  );
  await Promise.all([first.stop(), first.stop()]);
  const second = await startPostgres(await options(scratch));
  const { rows } = await withClient(second.url('postgres'), (client) => client.query('SELECT one FROM kept'));
  expect(rows).toEqual([{ one: 1 }]);
  await second.stop();
  expect(await readdir(scratch.path)).toEqual(['postgres']);
});

test('the extensions of the contrib set are there', async () => {
  await using scratch = await scratchDir('postgres');
  const server = await startPostgres(await options(scratch, 'throwaway'));
  await withClient(server.url('postgres'), (client) => client.query('CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent'));
  await server.stop();
  expect(await readdir(scratch.path)).toEqual([]);
});

test('data of another major version is left alone and named', async () => {
  await using scratch = await scratchDir('postgres');
  await mkdir(join(scratch.path, 'postgres'));
  await writeFile(join(scratch.path, 'postgres', 'PG_VERSION'), '16\n');
  await expect(startPostgres(await options(scratch))).rejects.toMatchObject({
    code: 'DATA_FROM_OTHER_VERSION',
    message: expect.stringMatching(/written by Postgres 16; this is Postgres 18/),
    remedy: expect.stringContaining('npm run reset'),
  });
});

test('a folder in use by another server is not touched', async () => {
  await using scratch = await scratchDir('postgres');
  const first = await startPostgres(await options(scratch));
  await expect(startPostgres(await options(scratch))).rejects.toMatchObject({ code: 'DATA_IN_USE' });
  await withClient(first.url('postgres'), (client) => client.query('SELECT 1'));
  await first.stop();
});

test('a taken port is refused before anything is written', async () => {
  await using scratch = await scratchDir('postgres');
  const first = await startPostgres(await options(scratch));
  await using other = await scratchDir('postgres');
  await expect(startPostgres({ ...(await options(other)), port: first.port })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  expect(await readdir(other.path)).toEqual([]);
  await first.stop();
});

test('a damaged cluster says what the server said', async () => {
  await using scratch = await scratchDir('postgres');
  const given = await options(scratch);
  await (await startPostgres(given)).stop();
  await writeFile(join(given.dataDir, 'postgresql.auto.conf'), 'no_such_setting = 1\n');
  await expect(startPostgres(given)).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringContaining('no_such_setting') });
});
