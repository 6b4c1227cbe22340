import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@app/observability';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../app.ts';
import { loadConfig } from '../config.ts';
import { composeSupergraph } from '../testing/test-gateway.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

const supergraph = (field: string) => composeSupergraph({ a: { sdl: `type Query { ${field}: Int }`, url: 'http://127.0.0.1:9/graphql' } });

/** Serves a text as a registry does: a tag, and answers that are held back until there is something new. */
async function startRegistry(first: string, { hasTags = true } = {}) {
  let sdl = first;
  let status = 200;
  const waiting = new Set<ServerResponse>();
  const seen: (string | undefined)[] = [];
  const tag = () => `"${createHash('sha256').update(sdl).digest('hex')}"`;
  const send = (response: ServerResponse) => response.writeHead(status, hasTags ? { etag: tag() } : {}).end(status === 200 ? sdl : 'away');
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (request.headers['if-none-match'] === tag() && status === 200) waiting.add(response);
    else send(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const offer = (next: string, nextStatus = 200) => {
    sdl = next;
    status = nextStatus;
    for (const response of waiting) send(response);
    waiting.clear();
  };
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/supergraph/shop`,
    seen,
    offer,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A gateway that polls fast, and its log. */
async function start(variables: Record<string, string>): Promise<{ gateway: Gateway; log: string[]; fields: () => Promise<string> }> {
  const log: string[] = [];
  const logger = createLogger({ service: 'gateway', destination: { write: (line: string) => void log.push(line) } });
  const base = { PORT: '0', METRICS_PORT: '0', HOST: '127.0.0.1', NODE_ENV: 'test', SUPERGRAPH_PAUSE_MS: '20' };
  const gateway = await startGateway(loadConfig({}, { ...base, ...variables }), logger);
  const fields = async () => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __schema { queryType { fields { name } } } }' }),
    });
    const { data } = (await response.json()) as { data: { __schema: { queryType: { fields: { name: string }[] } } } };
    return data.__schema.queryType.fields.map(({ name }) => name).join();
  };
  return { gateway, log, fields };
}

test('a gateway follows its registry: a new supergraph is served, a bad one refused, and the last good one kept while it is away', async () => {
  await using registry = await startRegistry(supergraph('first'));
  const { gateway, log, fields } = await start({ SUPERGRAPH_URL: registry.url, SUPERGRAPH_TOKEN: 'secret' });
  await using _gateway = gateway;
  expect(await fields()).toBe('first');
  registry.offer(supergraph('second'));
  await expect.poll(fields, { timeout: 20_000 }).toBe('second');
  registry.offer('type Query { nothing: Int }');
  await expect.poll(() => log.join(''), { timeout: 20_000 }).toContain('new supergraph refused');
  expect(await fields()).toBe('second');
  registry.offer('', 503);
  await expect.poll(() => log.join(''), { timeout: 20_000 }).toContain('answered 503: away');
  expect(await fields()).toBe('second');
  registry.offer(supergraph('third'));
  await expect.poll(fields, { timeout: 20_000 }).toBe('third');
  expect(new Set(registry.seen)).toEqual(new Set(['Bearer secret']));
  expect(log.join('')).not.toContain('secret');
});

test('a plain file server without tags is polled', async () => {
  await using registry = await startRegistry(supergraph('first'), { hasTags: false });
  const { gateway, fields } = await start({ SUPERGRAPH_URL: registry.url });
  await using _gateway = gateway;
  registry.offer(supergraph('second'));
  await expect.poll(fields, { timeout: 20_000 }).toBe('second');
});

test('a gateway starts from its copy while the registry is away, and not at all without one', async () => {
  const copy = join(folder, 'copy.graphql');
  const registry = await startRegistry(supergraph('first'));
  const before = await start({ SUPERGRAPH_URL: registry.url, SUPERGRAPH_COPY: copy });
  registry.offer(supergraph('second'));
  await expect.poll(() => readFile(copy, 'utf8'), { timeout: 20_000 }).toContain('second');
  await before.gateway.stop();
  await registry.stop();
  const { gateway, fields, log } = await start({ SUPERGRAPH_URL: registry.url, SUPERGRAPH_COPY: copy });
  await using _gateway = gateway;
  expect(await fields()).toBe('second');
  expect(log.join('')).toContain('started with the supergraph that was served last');
  await expect(start({ SUPERGRAPH_URL: registry.url })).rejects.toThrow();
  await expect(start({ SUPERGRAPH_URL: registry.url, SUPERGRAPH_COPY: join(folder, 'none') })).rejects.toThrow();
});

test('a gateway that is started while the registry has a supergraph that cannot be served starts from its copy, and follows', async () => {
  const copy = join(folder, 'good.graphql');
  await using registry = await startRegistry(supergraph('first'));
  const before = await start({ SUPERGRAPH_URL: registry.url, SUPERGRAPH_COPY: copy });
  await expect.poll(() => readFile(copy, 'utf8').catch(() => ''), { timeout: 20_000 }).toContain('first');
  await before.gateway.stop();
  registry.offer('type Query { nothing: Int }');
  await expect(start({ SUPERGRAPH_URL: registry.url })).rejects.toThrow();
  const { gateway, fields, log } = await start({ SUPERGRAPH_URL: registry.url, SUPERGRAPH_COPY: copy });
  await using _gateway = gateway;
  expect(await fields()).toBe('first');
  expect(log.join('')).toContain('started with the supergraph that was served last');
  registry.offer(supergraph('second'));
  await expect.poll(fields, { timeout: 20_000 }).toBe('second');
});
