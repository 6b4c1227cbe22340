import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
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
import { corsHeaders, preflightHeaders } from './cors.ts';
import type { Handler, HttpAnswer, HttpRequest } from './http-message.ts';
import { readJsonBody } from './json-body.ts';
import { errorBody } from './public-error.ts';

/** What the HTTP server needs. */
export interface HttpServerOptions {
  readonly readiness: Readiness;
  readonly corsOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  /** Proxies of ours in front, which say in X-Forwarded-For who connected to them. */
  readonly proxies: number;
  /** Answers `/graphql`, whatever the method. */
  readonly graphql: Handler;
  /** What else is answered, to `GET` and `HEAD`, by path. */
  readonly pages: ReadonlyMap<string, Handler>;
  readonly onRefused: (code: ErrorCode, error: unknown) => void;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** Longer than load balancers keep connections, so that it is never the server that closes one on which a request is under way. */
const KEEP_ALIVE_MS = 72_000;

/** The HTTP side: request ids, body limits, CORS, routes; every answer that is not GraphQL's own is JSON with a code of the registry. */
export function createHttpServer(options: HttpServerOptions): Server {
  const limits = {
    maxHeaderSize: options.maxHeaderBytes,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const serving: Serving = { ...options, origins: new Set(options.corsOrigins) };
  const server = createServer(limits, (incoming, response) => serve(serving, incoming, response));
  return server.on('clientError', answerBrokenRequest);
}

interface Serving extends HttpServerOptions {
  readonly origins: ReadonlySet<string>;
}

function serve(serving: Serving, incoming: IncomingMessage, response: ServerResponse): void {
  const id = acceptRequestId(incoming.headers[REQUEST_ID_HEADER]);
  const traceparent = acceptTraceparent(incoming.headers[TRACEPARENT_HEADER]);
  const send = ({ status, headers, body }: HttpAnswer) => {
    response.writeHead(status, headersOf(serving, incoming, { id, headers, body }));
    if (body instanceof Readable) pipeline(body, response, () => undefined);
    else response.end(body);
  };
  void runWithRequest({ requestId: id, traceparent }, async () => {
    try {
      const answer = await answerTo(serving, incoming, { id, response });
      if (answer !== undefined) send(answer);
    } catch (error) {
      send(refusal(serving, id, error));
    }
  });
}

/** Undefined: it has been answered. */
async function answerTo(
  serving: Serving,
  incoming: IncomingMessage,
  known: Pick<HttpRequest, 'id' | 'response'>,
): Promise<HttpAnswer | undefined> {
  const { method = 'GET', url = '/', headers } = incoming;
  if (method === 'OPTIONS') return { status: 204, headers: preflightHeaders(serving.origins, headers), body: '' };
  const query = url.indexOf('?');
  const [path, search] = query < 0 ? [url, ''] : [url.slice(0, query), url.slice(query)];
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && (await answerHealth({ readiness: serving.readiness }, incoming, known.response))) return undefined;
  const handler = handlerOf(serving, plainPath(path), isRead);
  const body = isRead ? undefined : await readJsonBody(incoming, serving.maxBodyBytes);
  return handler({ ...known, method, search, headers, address: addressOf(incoming, serving.proxies), body });
}

function handlerOf({ graphql, pages }: Serving, path: string, isRead: boolean): Handler {
  if (path === '/graphql') return graphql;
  const page = isRead ? pages.get(path) : undefined;
  if (page === undefined) throw new AppError('NOT_FOUND');
  return page;
}

/** Without escapes and without a slash at the end. @throws {AppError} BAD_REQUEST */
function plainPath(path: string): string {
  try {
    const plain = path.includes('%') ? decodeURIComponent(path) : path;
    return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain;
  } catch (cause) {
    throw new AppError('BAD_REQUEST', undefined, { cause });
  }
}

/** Who connected to the first of our proxies, else to us. Each adds one address at the end; what stands before theirs anybody may have written. */
function addressOf({ headers, socket }: IncomingMessage, proxies: number): string {
  const forwarded = proxies === 0 ? undefined : headers['x-forwarded-for'];
  const addresses = typeof forwarded === 'string' ? forwarded.split(',') : [];
  return addresses[Math.max(0, addresses.length - proxies)]?.trim() || (socket.remoteAddress ?? '');
}

/** The headers of an answer, with those that all answers have. */
function headersOf(
  { origins, readiness }: Serving,
  incoming: IncomingMessage,
  { id, headers, body }: Pick<HttpAnswer, 'headers' | 'body'> & { readonly id: string },
): Record<string, string | number> {
  const all: Record<string, string | number> = corsHeaders(origins, incoming.headers);
  all[REQUEST_ID_HEADER] = id;
  all['x-content-type-options'] = 'nosniff';
  all['cache-control'] = 'no-store';
  Object.assign(all, headers);
  if (!(body instanceof Readable || body === '')) all['content-length'] = Buffer.byteLength(body);
  // A request that began before the drain must not leave a connection that keeps the process waiting, nor one with a body that nobody reads.
  if (readiness.isDraining || !incoming.complete) all['connection'] = 'close';
  return all;
}

function refusal({ onRefused }: Serving, requestId: string, thrown: unknown): HttpAnswer {
  const error = thrown instanceof AppError ? thrown : new AppError('INTERNAL', undefined, { cause: thrown });
  onRefused(error.code, error);
  const headers: Record<string, string> = { 'content-type': JSON_TYPE };
  if (error.code === 'UNAUTHENTICATED') headers['www-authenticate'] = 'Bearer error="invalid_token"';
  const { retryAfterSeconds } = error.details;
  if (typeof retryAfterSeconds === 'number') headers['retry-after'] = String(retryAfterSeconds);
  return { status: error.httpStatus, headers, body: errorBody(error, requestId) };
}

/** Node could not read the request: there is no request object to answer on, only the socket. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = errorBody(new AppError(isLarge ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST'), undefined);
  const status = isLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
