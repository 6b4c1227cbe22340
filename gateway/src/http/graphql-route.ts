import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { Principal } from '@app/auth';
import { AppError } from '@app/errors';
import { currentRequest } from '@app/observability';
import { type InspectionAccess, readInspection } from '../inspect/read-wishes.ts';
import type { OperationState, RequestState } from '../operation/request-state.ts';
import type { TrustedDocuments } from '../operation/trusted-documents.ts';
import { preventCsrf } from './csrf.ts';
import type { Handler, HttpRequest } from './http-message.ts';
import { acceptedFormat, type IncrementalFormat } from './incremental-format.ts';
import { type MultipartOptions, multipart, multipartType } from './multipart.ts';
import { RequestEnd } from './request-end.ts';
import { refuseOddHash, refuseOddSearch } from './request-shape.ts';
import type { CompleteAnswer, Shortcut } from './shortcut.ts';

/** What Apollo Server hands from hook to hook. */
export interface GatewayContext {
  readonly request: RequestState;
  /** Set once the operation is parsed. */
  operation?: OperationState;
}

/** What the GraphQL route is made of. */
export interface GraphQLRouteOptions {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly authenticate: (headers: IncomingHttpHeaders) => Promise<Principal>;
  /** Throws when the caller has nothing left to be read for. */
  readonly admit: (request: RequestState) => void;
  /** Who may see plans and timings. */
  readonly inspection: InspectionAccess;
  readonly documents: TrustedDocuments;
  /** Undefined: every request goes through Apollo Server. */
  readonly shortcut: Shortcut | undefined;
  readonly requestTimeoutMs: number;
  readonly maxBatch: number;
  readonly showsLandingPage: boolean;
  readonly publicError: MultipartOptions['publicError'];
  readonly onAnswered: (state: RequestState, status: number, durationMs: number) => void;
}

/** Longer ones say nothing more about a device. */
const MAX_USER_AGENT = 512;
const MAX_CLIENT_NAME = 100;

/** Serves GraphQL over HTTP: cross-site check, authentication, a look at the caller's debts, then the pipeline, through Apollo Server unless the shortcut knows the request. */
export function createGraphQLRoute(options: GraphQLRouteOptions): Handler {
  return async (request) => {
    const startedAt = performance.now();
    const { method, headers } = request;
    const wantsPage = options.showsLandingPage && method === 'GET' && (headers.accept ?? '').includes('text/html');
    if (!wantsPage) preventCsrf(headers);
    // Answers to several operations are one document: none of them can be in parts.
    const format = Array.isArray(request.body) ? undefined : acceptedFormat(headers.accept);
    const end = new RequestEnd(request.response, options.requestTimeoutMs);
    const principal = await options.authenticate(headers);
    const state = createState(options, request, { principal, end, takesParts: format !== undefined });
    options.admit(state);
    const body = resolveBody(options, request.body);
    if (method !== 'POST') refuseOddSearch(request.search);
    const answer =
      (method === 'POST' ? await options.shortcut?.answer(body, headers.accept, state) : undefined) ??
      (await throughApollo(options, { request, state, body, format }));
    const answered = () => options.onAnswered(state, answer.status, performance.now() - startedAt);
    if (state.deferred !== undefined && format !== undefined) {
      const parts = multipart(String(answer.body), state.deferred, { format, publicError: options.publicError });
      state.responseHeaders['content-type'] = multipartType(format);
      return { status: answer.status, headers: state.responseHeaders, body: Readable.from(parts).once('close', answered) };
    }
    answered();
    state.responseHeaders['content-type'] = answer.contentType;
    return { status: answer.status, headers: state.responseHeaders, body: answer.body };
  };
}

interface LongWay {
  readonly request: HttpRequest;
  readonly state: RequestState;
  readonly body: unknown;
  readonly format: IncrementalFormat | undefined;
}

/** Apollo Server reads the request, calls the pipeline and writes the answer. */
async function throughApollo(options: GraphQLRouteOptions, { request, state, body, format }: LongWay): Promise<CompleteAnswer> {
  const answer = await options.apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request, body, format),
    context: () => Promise.resolve({ request: state }),
  });
  if (answer.body.kind === 'chunked')
    throw new AppError('INTERNAL', undefined, { cause: 'Apollo Server delivers no parts: the executor does.' });
  const { status = 200, headers } = answer;
  const contentType = headers.get('content-type') ?? 'application/json';
  for (const [name, value] of headers) if (name !== 'content-type') state.responseHeaders[name] ??= value;
  if (status === 200 && request.method === 'POST' && !Array.isArray(body)) options.shortcut?.learn(request.headers.accept, contentType);
  return { status, contentType, body: answer.body.string };
}

function createState(
  options: GraphQLRouteOptions,
  request: HttpRequest,
  known: Pick<RequestState, 'principal' | 'end' | 'takesParts'>,
): RequestState {
  const { principal } = known;
  const context = currentRequest();
  if (context && principal.kind !== 'anonymous') context.principalId = principal.id;
  return {
    ...known,
    requestId: request.id,
    client: {
      address: request.address,
      userAgent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT),
      name: clientHeader(request, 'apollographql-client-name'),
      version: clientHeader(request, 'apollographql-client-version'),
    },
    fetches: [],
    responseHeaders: {},
    errorCodes: [],
    inspection: readInspection(request.headers, principal, options.inspection),
  };
}

function clientHeader({ headers }: HttpRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.slice(0, MAX_CLIENT_NAME) : undefined;
}

function toApollo(request: HttpRequest, body: unknown, format: IncrementalFormat | undefined): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // Apollo Server writes the first piece, which is JSON even when the client named nothing but the multipart type.
  if (format !== undefined) headers.set('accept', `${request.headers.accept}, application/json`);
  return { method: request.method, headers, search: request.search, body };
}

/** Fills in the text of operations that were sent by their registered id. */
function resolveBody(options: GraphQLRouteOptions, body: unknown): unknown {
  if (Array.isArray(body)) {
    if (body.length > options.maxBatch)
      throw new AppError(
        'BAD_REQUEST',
        options.maxBatch === 0 ? 'Batches are not accepted.' : `At most ${options.maxBatch} operations per request are accepted.`,
      );
    return body.map((item) => withRegisteredText(options, item));
  }
  return withRegisteredText(options, body);
}

function withRegisteredText(options: GraphQLRouteOptions, body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if ('extensions' in body) refuseOddHash(body.extensions);
  if ('query' in body) return body;
  if (!('documentId' in body) || typeof body.documentId !== 'string') return withTextOfHash(options, body);
  const query = options.documents.textOf(body.documentId);
  if (query === undefined) throw new AppError('PERSISTED_QUERY_REQUIRED');
  return { ...body, query };
}

/** What is not registered may still be an automatic persisted query: Apollo Server knows. */
function withTextOfHash(options: GraphQLRouteOptions, body: object): unknown {
  const { extensions, ...rest } = body as { readonly extensions?: unknown };
  const { persistedQuery, ...others } = (typeof extensions === 'object' && extensions !== null ? extensions : {}) as Record<
    string,
    unknown
  >;
  if (typeof persistedQuery !== 'object' || persistedQuery === null || !('sha256Hash' in persistedQuery)) return body;
  const query = options.documents.textWithHash(String(persistedQuery.sha256Hash));
  return query === undefined ? body : { ...rest, extensions: others, query };
}
