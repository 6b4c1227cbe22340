import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startNats } from './nats.ts';
import { findNats } from './nats-program.ts';
import { freePort } from './ports.ts';
import { defaultCacheDir } from './program-search.ts';
import { scratchDir } from './scratch-dir.ts';

const search = { path: process.env['PATH'] ?? '', cacheDir: defaultCacheDir(process.env) };

test('a NATS server starts where it is told to, refuses a port that is taken, and ends', async () => {
  await using scratch = await scratchDir('nats');
  const options = { program: await findNats(search), port: await freePort(), dataDir: join(scratch.path, 'nats') };
  const server = await startNats(options);
  expect(server.url).toBe(`nats://127.0.0.1:${options.port}`);
  await expect(startNats(options)).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  await Promise.all([server.stop(), server.stop()]);
  await server.exited;
});

test('a NATS server that does not come up is quoted', async () => {
  await using scratch = await scratchDir('nats');
  await writeFile(join(scratch.path, 'nats-server'), '#!/bin/sh\necho bad config; exit 1\n', { mode: 0o755 });
  const program = await findNats({ path: scratch.path, cacheDir: scratch.path });
  const options = { program, port: await freePort(), dataDir: scratch.path };
  await expect(startNats(options)).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringContaining('bad config') });
});

test('without a NATS server and without apt-get it says what to install', async () => {
  await using scratch = await scratchDir('nats');
  await expect(findNats({ path: scratch.path, cacheDir: scratch.path })).rejects.toMatchObject({
    code: 'NATS_UNAVAILABLE',
    remedy: expect.stringMatching(/apt install nats-server.*NATS_URL/),
  });
});
