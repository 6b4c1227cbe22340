import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, type BaseContext, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { type Principal, verifyInternalCall } from '@app/auth';
import { AppError, toExtensions } from '@app/errors';
import { answerHealth, contextOfHeaders, type Logger, type Metrics, type Readiness, runWithRequest } from '@app/observability';
import type { GraphQLSchema } from 'graphql';
import { readBody } from './body.ts';
import { errorFormatter } from './format-error.ts';

/** What is known about a call before its context is built. */
export interface SubgraphCall {
  readonly principal: Principal;
  readonly requestId: string;
  /** Who is at the other end of the gateway, as the gateway saw it; null when it did not say. */
  readonly client: { readonly address: string | null; readonly userAgent: string | null };
}

/** Headers in which the gateway says who called it. Nobody else can: calls are signed. */
export const clientAddressHeader = 'x-client-address';
export const clientUserAgentHeader = 'x-client-user-agent';

/** A subgraph process's HTTP face. */
export interface SubgraphServerOptions<Context extends BaseContext> {
  readonly name: string;
  readonly schema: GraphQLSchema;
  /** Key of internal calls to this subgraph. */
  readonly internalKey: string;
  readonly context: (call: SubgraphCall) => Context;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics?: Metrics;
  readonly plugins?: readonly ApolloServerPlugin<Context>[];
  /** Further public routes by path, such as a key set or an image; unsigned. */
  readonly routes?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void | Promise<void>>>;
  /** Largest request body in bytes; default 8 MiB: a gateway sends many representations at once. */
  readonly maxBodyBytes?: number;
}

/** A running subgraph. */
export interface SubgraphServer {
  readonly port: number;
  /** Stops taking requests, lets those in flight finish, then closes. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts the server: `/graphql` for signed internal requests only, `/livez`, `/readyz`, `/metrics`, and the given routes. */
export async function startSubgraphServer<Context extends BaseContext>(
  options: SubgraphServerOptions<Context>,
  port: number,
): Promise<SubgraphServer> {
  const apollo = new ApolloServer<Context>({
    schema: options.schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: false,
    formatError: errorFormatter(options.logger),
    plugins: [
      ApolloServerPluginCacheControl({ calculateHttpHeaders: 'if-cacheable' }),
      ApolloServerPluginInlineTrace(),
      ...(options.plugins ?? []),
    ],
  });
  await apollo.start();
  const server = createServer((request, response) => {
    handle(options, apollo, request, response).catch((error: unknown) => sendFault(options.logger, response, error));
  });
  await listen(server, port);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll(server, apollo));
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : port, close };
}

async function handle<Context extends BaseContext>(
  options: SubgraphServerOptions<Context>,
  apollo: ApolloServer<Context>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?', 1)[0] ?? '';
  if (await answerHealth(options, request, response)) return;
  const route = routeFor(options.routes ?? {}, path);
  if (route) return route(request, response);
  if (path !== '/graphql') throw new AppError('NOT_FOUND');
  if (request.method !== 'POST') throw new AppError('METHOD_NOT_ALLOWED');
  const context = contextOfHeaders(request.headers);
  await runWithRequest(context, () => answerGraphql(options, apollo, request, response, context.requestId));
}

async function answerGraphql<Context extends BaseContext>(
  options: SubgraphServerOptions<Context>,
  apollo: ApolloServer<Context>,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const raw = await readBody(request, options.maxBodyBytes ?? 8 * 1024 * 1024);
  const { principal } = verifyInternalCall(request.headers, raw, { audience: options.name, key: options.internalKey });
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value));
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body: parseBody(raw) },
    context: () => Promise.resolve(options.context({ principal, requestId, client: clientOf(request) })),
  });
  response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
  if (answer.body.kind === 'complete') response.end(answer.body.string);
  else {
    for await (const chunk of answer.body.asyncIterator) response.write(chunk);
    response.end();
  }
}

function clientOf({ headers }: IncomingMessage): SubgraphCall['client'] {
  const [address, userAgent] = [headers[clientAddressHeader], headers[clientUserAgentHeader]];
  return {
    address: typeof address === 'string' ? address : null,
    userAgent: typeof userAgent === 'string' ? userAgent.slice(0, 512) : null,
  };
}

/** A path of the table, or one that ends in `/*` and is a prefix of it. */
function routeFor(routes: NonNullable<SubgraphServerOptions<BaseContext>['routes']>, path: string) {
  const known = Object.keys(routes).find((pattern) => (pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern));
  return known === undefined ? undefined : routes[known];
}

function parseBody(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The body is not JSON.', { cause });
  }
}

function sendFault(logger: Logger, response: ServerResponse, error: unknown): void {
  const fault = error instanceof AppError ? error : new AppError('INTERNAL', undefined, { cause: error });
  if (fault.code === 'INTERNAL') logger.error({ err: error }, 'request failed');
  if (response.headersSent) return void response.destroy();
  response.writeHead(fault.httpStatus, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ message: fault.message, extensions: toExtensions(fault) }] }));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function closeAll<Context extends BaseContext>(server: Server, apollo: ApolloServer<Context>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await closed;
  await apollo.stop();
}
