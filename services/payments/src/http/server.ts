import { answerHealth, type Logger, type Metrics, type Readiness } from '@app/observability';
import fastify, { type FastifyInstance } from 'fastify';
import type { SandboxProvider } from '../sandbox/sandbox-provider.ts';
import type { Deps } from '../service/deps.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** What the HTTP server answers from. */
export interface HttpParts {
  readonly deps: Deps;
  readonly sandbox: SandboxProvider;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const mostBytes = 64 * 1024;

/** Webhooks of providers, the page of the sandbox, and the endpoints of operations. */
export function createHttpServer(parts: HttpParts): FastifyInstance {
  const { readiness, metrics, logger } = parts;
  const server = fastify({ bodyLimit: mostBytes, requestTimeout: 10_000, forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    if (await answerHealth({ readiness, metrics }, request.raw, reply.raw)) return reply.hijack();
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  });
  // A signature covers bytes: bodies are parsed by whoever has checked it.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'NOT_FOUND', message: 'There is nothing at this address.' } }),
  );
  server.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) return reply.code(413).send({ error: { code: 'PAYLOAD_TOO_LARGE', message: 'The body is too large.' } });
    if (status < 500) return reply.code(status).send({ error: { code: 'BAD_REQUEST', message: 'The request is malformed.' } });
    logger.error({ err: error }, 'a request failed');
    return reply.code(500).send({ error: { code: 'INTERNAL', message: 'Something went wrong: try again.' } });
  });
  webhookRoutes(server, parts);
  sandboxRoutes(server, parts.sandbox);
  return server;
}
