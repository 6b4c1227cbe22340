import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from './ports.ts';
import { defaultCacheDir } from './program-search.ts';
import { startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';
import { scratchDir } from './scratch-dir.ts';

const path = process.env['PATH'] ?? '';
const program = () => findRedis({ path, cacheDir: defaultCacheDir(process.env) });

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      resolve(String(data).trim());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

test('durable data is there after a restart', async () => {
  await using scratch = await scratchDir('redis');
  const options = { program: await program(), port: await freePort(), dataDir: join(scratch.path, 'redis'), mode: 'durable' } as const;
  const first = await startRedis(options);
  expect(await ask(first.port, 'SET key value')).toBe('+OK');
  await Promise.all([first.stop(), first.stop()]);
  const second = await startRedis(options);
  expect(await ask(second.port, 'EXISTS key')).toBe(':1');
  await expect(startRedis(options)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  await second.stop();
});

test('a server that does not come up is quoted', async () => {
  await using scratch = await scratchDir('redis');
  const fake = join(scratch.path, 'redis-server');
  await writeFile(fake, '#!/bin/sh\necho bad config; exit 1\n', { mode: 0o755 });
  const found = await findRedis({ path: scratch.path, cacheDir: scratch.path });
  expect(found).toEqual({ command: fake, libraryPath: [] });
  const options = { program: found, port: await freePort(), dataDir: scratch.path, mode: 'throwaway' } as const;
  await expect(startRedis(options)).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringContaining('bad config') });
});

test('valkey does as well', async () => {
  await using scratch = await scratchDir('redis');
  await symlink('/bin/true', join(scratch.path, 'valkey-server'));
  expect((await findRedis({ path: scratch.path, cacheDir: scratch.path })).command).toBe(join(scratch.path, 'valkey-server'));
});

test('without a server and without apt-get it says what to install', async () => {
  await using scratch = await scratchDir('redis');
  await expect(findRedis({ path: scratch.path, cacheDir: scratch.path })).rejects.toMatchObject({
    code: 'REDIS_UNAVAILABLE',
    remedy: expect.stringMatching(/apt install redis-server.*brew install redis.*REDIS_URL/),
  });
});

test('a package that cannot be fetched is reported with the reason, and leaves nothing half', async () => {
  await using scratch = await scratchDir('redis');
  const bin = join(scratch.path, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'apt-get'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const cacheFile = join(scratch.path, 'file');
  await writeFile(cacheFile, '');
  await expect(findRedis({ path: bin, cacheDir: cacheFile })).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
});

const isDebian = path.split(delimiter).length > 0 && (await program().then((found) => found.libraryPath.length > 0));

test.runIf(isDebian)("the distribution's package, unpacked without installing it, works, and a second look needs no network", async () => {
  await using scratch = await scratchDir('redis');
  const steps: string[] = [];
  const search = {
    path: path
      .split(delimiter)
      .filter((folder) => !folder.includes('redis'))
      .join(delimiter),
    cacheDir: scratch.path,
  };
  const unpacked = await findRedis({ ...search, onProgress: (what) => steps.push(what) });
  expect(steps).toEqual(["unpacking the distribution's Redis package"]);
  expect(await findRedis({ ...search, onProgress: (what) => steps.push(what) })).toEqual(unpacked);
  expect(steps).toHaveLength(1);
  const server = await startRedis({ program: unpacked, port: await freePort(), dataDir: scratch.path, mode: 'throwaway' });
  expect(await ask(server.port, 'PING')).toBe('+PONG');
  await server.stop();
});
