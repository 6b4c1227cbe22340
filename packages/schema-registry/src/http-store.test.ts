import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { HttpStore, RegistryUnavailableError, UsageError } from './index.ts';

/** A server that answers everything the same; nothing at all without a status. */
async function answering(status: number | undefined, body: string): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_request, response) => status !== undefined && response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/below`, [Symbol.asyncDispose]: close };
}

test.each([
  [503, '{"error":{"message":"database away"}}', RegistryUnavailableError, 'database away'],
  [500, '<html>', RegistryUnavailableError, 'status 500'],
  [429, '[]', RegistryUnavailableError, 'status 429'],
  [403, '{"error":{"message":"lacks read"}}', UsageError, 'lacks read'],
  [404, '"no"', UsageError, 'Is this its address?'],
  [200, '<html>', UsageError, 'Is this its address?'],
  [200, '{"ok":true}', UsageError, 'Is this its address?'],
  [422, '{"error":"mine"}', UsageError, 'Is this its address?'],
  [undefined, '', RegistryUnavailableError, 'does not answer: .*timeout'],
])('an answer of %s %s is told apart from a registry that is away', async (status, body, kind, text) => {
  await using server = await answering(status, body);
  const asking = new HttpStore({ url: server.url, token: 't', timeoutMs: status === undefined ? 50 : 10_000 }).history();
  await expect(asking).rejects.toThrow(new RegExp(text));
  await expect(asking).rejects.toBeInstanceOf(kind);
});
