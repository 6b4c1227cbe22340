import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A way to a server that can fall silent. */
export interface TestProxy extends AsyncDisposable {
  /** The server's URL by this way. */
  readonly url: string;
  /** The connections that are open carry nothing any more and stay open, as when the machine behind them is gone. New ones work. */
  fallSilent(): void;
}

/**
 * Leads to the server of a URL.
 *
 * @example await using proxy = await testProxy(database.url);
 */
export async function testProxy(url: string): Promise<TestProxy> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const way = new URL(url);
  way.hostname = '127.0.0.1';
  way.port = String((server.address() as AddressInfo).port);
  return {
    url: way.href,
    fallSilent() {
      for (const socket of open) socket.unpipe().pause();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
