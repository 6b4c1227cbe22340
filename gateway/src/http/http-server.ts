import type { Socket } from 'node:net';
import { AppError, type ErrorCode } from '@app/errors';
import {
  acceptRequestId,
  acceptTraceparent,
  answerHealth,
  REQUEST_ID_HEADER,
  type Readiness,
  runWithRequest,
  TRACEPARENT_HEADER,
} from '@app/observability';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { applyCors } from './cors.ts';
import { parseJsonBody } from './json-body.ts';
import { errorBody } from './public-error.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** What the HTTP server needs. */
export interface HttpServerOptions {
  readonly readiness: Readiness;
  readonly corsOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  readonly trustProxy: boolean;
  readonly graphql: Handler;
  /** Answers `/.well-known/jwks.json`; undefined: not found. */
  readonly jwks: (() => Promise<string>) | undefined;
  /** Further pages, by path. */
  readonly pages: ReadonlyMap<string, Handler>;
  readonly onRefused: (code: ErrorCode, error: unknown) => void;
}

const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_BAD_URL: 'BAD_REQUEST',
};

/** The HTTP side: request ids, body limits, CORS, routes; every answer that is not GraphQL's own is JSON with a code of the registry. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: options.maxBodyBytes,
    genReqId: (raw) => acceptRequestId(raw.headers[REQUEST_ID_HEADER]),
    trustProxy: options.trustProxy,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) =>
      void refuse(request, reply, new AppError(FASTIFY_CODES[error.code] ?? 'BAD_REQUEST', undefined, { cause: error })),
    http: { maxHeaderSize: options.maxHeaderBytes, headersTimeout: 10_000, requestTimeout: 30_000 },
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: true },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseJsonBody(request.headers, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  addHooks(server, options);
  addRoutes(server, options);
  return server;
}

function addHooks(server: FastifyInstance, options: HttpServerOptions): void {
  const origins = new Set(options.corsOrigins);
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers({ [REQUEST_ID_HEADER]: request.id, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    if (!applyCors(origins, request, reply)) done();
  });
  // At the end of a request: one that began before the drain must not leave a connection that keeps the process waiting.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (options.readiness.isDraining) reply.header('connection', 'close');
    done();
  });
  server.setNotFoundHandler((request, reply) => refuse(request, reply, new AppError('NOT_FOUND')));
  server.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    const known =
      error instanceof AppError
        ? error
        : new AppError(FASTIFY_CODES[error.code] ?? codeOfStatus(error.statusCode), undefined, { cause: error });
    runWithRequest({ requestId: request.id }, () => options.onRefused(known.code, known));
    return refuse(request, reply, known);
  });
}

function addRoutes(server: FastifyInstance, options: HttpServerOptions): void {
  const inContext = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) =>
    runWithRequest({ requestId: request.id, traceparent: acceptTraceparent(request.headers[TRACEPARENT_HEADER]) }, () =>
      handler(request, reply),
    );
  server.all('/graphql', inContext(options.graphql));
  for (const path of ['/livez', '/readyz']) {
    server.get(path, async (request, reply) => {
      reply.hijack();
      await answerHealth({ readiness: options.readiness }, request.raw, reply.raw);
    });
  }
  const { jwks } = options;
  if (jwks)
    server.get('/.well-known/jwks.json', async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=60')
        .type('application/json')
        .send(await jwks()),
    );
  for (const [path, handler] of options.pages) server.get(path, inContext(handler));
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply {
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer error="invalid_token"');
  return reply.code(error.httpStatus).type('application/json; charset=utf-8').send(errorBody(error, request.id));
}

function codeOfStatus(status: number | undefined): ErrorCode {
  return status !== undefined && status >= 400 && status < 500 ? 'BAD_REQUEST' : 'INTERNAL';
}

/** Node could not read the request: there is no request object to answer on, only the socket. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = errorBody(new AppError(isLarge ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST'), undefined);
  const status = isLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
