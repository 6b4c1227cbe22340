import { connect, createServer, type Server, type Socket } from 'node:net';
import { createLogger } from '@app/observability';
import { testDatabase } from '@app/testing';
import { expect, test } from 'vitest';
import { startRegistry } from './app.ts';
import { readConfig } from './config.ts';
import { openDatabase } from './data/database.ts';
import { createToken } from './data/tokens.ts';

/** A way to the database that can be cut and made again. */
async function startCable(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const pipe = (near: Socket) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.pipe(to);
    }
  };
  let server: Server = createServer(pipe);
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as { port: number };
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const mend = () => {
    server = createServer(pipe);
    return listen(port);
  };
  return { url: url.href, cut, mend, [Symbol.asyncDispose]: () => cut().catch(() => undefined) };
}

test('without its database the registry says so, and goes on by itself once the database is back', async () => {
  await using database = await testDatabase('registry');
  await using cable = await startCable(database.url);
  const config = readConfig({ REGISTRY_PORT: '0', DATABASE_URL_REGISTRY: cable.url });
  await using registry = await startRegistry({ config, logger: createLogger({ service: 'registry', level: 'silent' }) });
  const pool = openDatabase({ url: database.url, statementTimeoutMs: 5_000, onError: () => undefined });
  const token = await createToken(pool, { graph: 'shop', name: 'all', rights: ['read', 'publish:*'], by: 'tests' });
  await pool.end();
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${registry.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text(), etag: response.headers.get('etag') ?? '' };
  };
  const publish = (field: string) =>
    send('POST', '/api/publish', { subgraphs: [{ name: 'a', url: '', sdl: `type Query { ${field}: Int }` }] });
  expect((await publish('first')).status).toBe(200);
  const { etag } = await send('GET', '/supergraph/shop');

  await cable.cut();
  const away = await send('GET', '/api/versions');
  expect(away.status).toBe(503);
  expect(away.text).toContain('DATABASE_AWAY');
  expect((await fetch(`${registry.url}/readyz`)).status).toBe(503);
  const uplink = { query: `{ routerConfig(ref: "shop@current", apiKey: "${token}") { ... on FetchError { code } } }` };
  expect((await send('POST', '/uplink', uplink)).text).toContain('RETRY_LATER');

  await cable.mend();
  await expect.poll(async () => (await fetch(`${registry.url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
  const waiting = send('GET', '/supergraph/shop?wait=50', undefined, { 'if-none-match': etag });
  expect((await publish('second')).status).toBe(200);
  expect((await waiting).text).toContain('second: Int');
});
