import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shop } from './testing/shop.ts';
import { composeSupergraph } from './testing/test-gateway.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-main-'));
  file = join(folder, 'supergraph.graphql');
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the process as `npm run gateway` does. */
function launch(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const main = new URL('./main.ts', import.meta.url).pathname;
  return spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], METRICS_PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function lineWith(child: ChildProcess, text: string): Promise<Record<string, unknown>> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes(text)) return JSON.parse(line) as Record<string, unknown>;
  }
  throw new Error(`ended without "${text}"`);
}

test('a wrong variable stops the start with its name and what is allowed, without a stack', async () => {
  const child = launch(['--port', 'x']);
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += String(chunk);
  });
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(text).toBe('Wrong configuration:\n  PORT is "x": allowed is a whole number from 0 to 65535\n');
});

test('SIGTERM lets requests in flight finish, a second one ends at once', async () => {
  let release: () => void = () => undefined;
  let asked = Promise.withResolvers<void>();
  const slow = createServer((_request, response) => {
    release = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"boom":"late"}}');
    asked.resolve();
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/graphql`;
  await writeFile(file, composeSupergraph({ catalog: { sdl: shop['catalog']?.sdl ?? '', url } }));
  const config = join(folder, 'gateway.json');
  await writeFile(config, JSON.stringify({ MAX_DEPTH: 3, CORS_ORIGINS: ['https://a.example'], ISSUERS: [] }));

  const child = launch(['--supergraph', file, '--port', '0', '--config', config]);
  const { port } = await lineWith(child, 'gateway ready');
  const ask = () =>
    fetch(`http://127.0.0.1:${String(port)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ boom }"}',
    });
  const answer = ask();
  await asked.promise;
  child.kill('SIGTERM');
  await lineWith(child, 'draining');
  release();
  expect(await (await answer).json()).toEqual({ data: { boom: 'late' } });
  expect(await once(child, 'exit')).toEqual([0, null]);

  asked = Promise.withResolvers<void>();
  const hanging = launch(['--supergraph', file, '--port', '0']);
  const ready = await lineWith(hanging, 'gateway ready');
  const lost = fetch(`http://127.0.0.1:${String(ready['port'])}/graphql?query={boom}`, {
    headers: { 'apollo-require-preflight': '1' },
  }).catch(() => 'cut');
  await asked.promise;
  hanging.kill('SIGTERM');
  await lineWith(hanging, 'draining');
  hanging.kill('SIGTERM');
  expect(await once(hanging, 'exit')).toEqual([1, null]);
  expect(await lost).toBe('cut');
  slow.closeAllConnections();
  slow.close();
}, 30_000);

test('two gateways on one machine need no configuration but a port', async () => {
  await writeFile(file, composeSupergraph({ catalog: { sdl: shop['catalog']?.sdl ?? '', url: 'http://127.0.0.1:1' } }));
  const env = { METRICS_PORT: '' };
  const [first, second] = [launch(['--supergraph', file, '--port', '0'], env), launch(['--supergraph', file, '--port', '0'], env)];
  const ready = await Promise.all([lineWith(first, 'gateway ready'), lineWith(second, 'gateway ready')]);
  expect(new Set(ready.map((line) => line['port'])).size).toBe(2);
  first.kill('SIGTERM');
  second.kill('SIGTERM');
  expect(await Promise.all([once(first, 'exit'), once(second, 'exit')])).toEqual([
    [0, null],
    [0, null],
  ]);
}, 30_000);
