import { answerHealth, type Metrics, type Readiness } from '@app/observability';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { databaseFailure } from '../data/database.ts';
import { html } from '../pages/html.ts';
import { document } from '../pages/layout.ts';
import { RegistryError, type RegistryErrorCode } from '../registry-error.ts';
import { apiRoutes } from './api-routes.ts';
import { wantsPage } from './page-access.ts';
import { pageRoutes, sendPage } from './page-routes.ts';
import type { Parts } from './parts.ts';
import { RateLimit } from './rate-limit.ts';
import { supergraphRoute } from './supergraph-route.ts';
import { uplinkRoute } from './uplink-route.ts';
import { usageRoute } from './usage-route.ts';

const RETRY_AFTER_SECONDS = 2;
const MAX_PARAM_LENGTH = 200;

const nothingThere = new RegistryError(
  'NOT_FOUND',
  'There is nothing at this address: see the README of the registry for those there are.',
);

/** Builds the HTTP server: limits first, then the routes. */
export function createServer(parts: Parts, { readiness, metrics }: { readiness: Readiness; metrics: Metrics }): FastifyInstance {
  const { config } = parts;
  const app = Fastify({
    bodyLimit: config.MAX_BODY_BYTES,
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    trustProxy: (_address, hop) => hop < config.REGISTRY_TRUST_PROXY,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, request, reply) => void sendError(request, reply as FastifyReply, nothingThere),
  });
  const refused = metrics.counter({ name: 'registry_refused_total', help: 'Requests refused, by code.', labels: ['code'] });
  const waiting = metrics.gauge({ name: 'registry_waiting_gateways', help: 'Gateways that wait for their next supergraph.' });
  parts.publications.on('waiting', (count) => waiting.set({}, count));
  const limit = new RateLimit(config.REQUESTS_PER_MINUTE, () => parts.now().getTime());
  app.addHook('onRequest', async (request, reply) => {
    if (await answerHealth({ readiness, metrics }, request.raw, reply.raw)) return reply.hijack();
    // By address, before the token is looked up: who guesses tokens must not get a new budget with each.
    limit.take(request.ip);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    // A connection that is kept alive would hold up the end.
    if (readiness.isDraining) reply.header('connection', 'close');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.setNotFoundHandler(() => {
    throw nothingThere;
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toRegistryError(error);
    refused.inc({ code: known.code });
    if (known.httpStatus >= 500) parts.logger.error({ err: error, url: request.url.split('?')[0] }, 'request failed');
    else parts.logger.info({ code: known.code, url: request.url.split('?')[0] }, 'request refused');
    return sendError(request, reply, known);
  });
  apiRoutes(app, parts);
  supergraphRoute(app, parts);
  uplinkRoute(app, parts);
  usageRoute(app, parts);
  pageRoutes(app, parts);
  return app;
}

function sendError(request: FastifyRequest, reply: FastifyReply, { code, httpStatus, message }: RegistryError): FastifyReply {
  const isPage = wantsPage(request);
  // Browsers ask for a token by themselves.
  if (httpStatus === 401)
    reply.header('www-authenticate', isPage ? 'Basic realm="Schema registry: a token as password", charset="UTF-8"' : 'Bearer');
  if (httpStatus === 429 || httpStatus === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  reply.code(httpStatus);
  return isPage ? sendPage(reply, errorPage(code, message)) : reply.send({ error: { code, message } });
}

function errorPage(code: string, message: string): string {
  return document({ title: 'This did not work', body: html`<p>${message}</p><p class="quiet">${code}</p>` });
}

const frameworkErrors: Readonly<Record<string, readonly [RegistryErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'BODY_TOO_LARGE',
    'The body is larger than the registry takes (MAX_BODY_BYTES): send fewer schemas or operations at once.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_BODY', 'Send JSON, with content-type: application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['NOT_JSON', 'The body is empty: send JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['NOT_JSON', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['NOT_JSON', 'The body is not as long as content-length says.'],
};

/** What a failure means to who asked. Whatever is not known is `INTERNAL`, without its message. */
function toRegistryError(error: FastifyError): RegistryError {
  if (error instanceof RegistryError) return error;
  const known = Object.hasOwn(frameworkErrors, error.code ?? '') ? frameworkErrors[error.code] : undefined;
  if (known) return new RegistryError(known[0], known[1], { cause: error });
  if (error instanceof SyntaxError && error.statusCode === 400)
    return new RegistryError('NOT_JSON', 'The body is not valid JSON.', { cause: error });
  return (
    databaseFailure(error) ?? new RegistryError('INTERNAL', 'Something went wrong in the registry: its log says what.', { cause: error })
  );
}
