import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsSource } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** What the operations endpoints answer from. Without metrics `/metrics` is not found. */
export interface HealthSources {
  readonly readiness: Readiness;
  readonly metrics?: MetricsSource;
}

/** Options of {@link startHealthServer}. */
export interface HealthServerOptions extends HealthSources {
  /** 0 takes a free port. */
  readonly port: number;
  /** Default: all interfaces. */
  readonly host?: string;
  /** Answers further paths; false, and nothing touched, when the path is none of its own. */
  readonly answer?: ((request: IncomingMessage, response: ServerResponse) => Promise<boolean>) | undefined;
}

/** A running server of operations endpoints. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
  /** Stops it; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Answers `GET /livez` (200 while the process runs), `GET /readyz` (200 or 503 with a JSON report) and `GET /metrics` (Prometheus text).
 * For use in front of a process's own routes: returns false, and touches nothing, when the path is none of these.
 */
export async function answerHealth(sources: HealthSources, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = request.url?.split('?', 1)[0];
  if (path === '/livez') {
    send(response, 200, 'application/json', JSON.stringify({ status: 'alive' }));
    return true;
  }
  if (path === '/readyz') {
    const report = await sources.readiness.report();
    send(response, report.status === 'ready' ? 200 : 503, 'application/json', JSON.stringify(report));
    return true;
  }
  if (path === '/metrics' && sources.metrics !== undefined) {
    send(response, 200, sources.metrics.contentType, await sources.metrics.text());
    return true;
  }
  return false;
}

/** Starts a server of its own for {@link answerHealth}. Rejects when the port is taken. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const answered = async () => (await answerHealth(options, request, response)) || ((await options.answer?.(request, response)) ?? false);
    answered().then(
      (isAnswered) => isAnswered || send(response, 404, 'application/json', '{"status":"not found"}'),
      () => send(response, 500, 'application/json', '{"status":"error"}'),
    );
  });
  await listen(server, options);
  const close = () => stop(server);
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close };
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}

function listen(server: Server, { port, host }: HealthServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
