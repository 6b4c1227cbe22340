import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What is known about the request being served. Fields that become known later are set on the same object. */
export interface RequestContext {
  /** Identifies one request in every log line, error and subgraph call. */
  readonly requestId: string;
  /** W3C trace context of the caller (https://www.w3.org/TR/trace-context/#traceparent-header), when it sent one. */
  readonly traceparent?: string | undefined;
  /** Id of the event whose handler this is; undefined while a client is served. */
  readonly causationId?: string;
  /** Name of the GraphQL operation, once known. */
  operationName?: string;
  /** Id of the caller (a user or service id, never a token), once known. */
  principalId?: string;
}

/** The header that carries the request id between processes, in lower case. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The header that carries the trace context between processes, in lower case. */
export const TRACEPARENT_HEADER = 'traceparent';

const storage = new AsyncLocalStorage<RequestContext>();
const ACCEPTED_TRACE = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const ACCEPTED_ID = /^[A-Za-z0-9._:-]{8,128}$/;

/** Runs `work` so that {@link currentRequest} answers `context` in it and in everything it awaits. */
export function runWithRequest<Result>(context: RequestContext, work: () => Result): Result {
  return storage.run(context, work);
}

/** The request being served, or undefined outside of one. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/**
 * The request id of a caller's header when it is safe to log (8 to 128 letters, digits, `.`, `_`, `:`, `-`), else a new one.
 * Anything else could break log lines or headers, so it is replaced and not repaired.
 */
export function acceptRequestId(header: string | readonly string[] | undefined, makeId: () => string = randomUUID): string {
  return typeof header === 'string' && ACCEPTED_ID.test(header) ? header : makeId();
}

/** The trace context of a caller's header when it is one of version 00, else undefined. */
export function acceptTraceparent(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && ACCEPTED_TRACE.test(header) ? header : undefined;
}

/** The context that the headers of an incoming call carry, whoever sent them. */
export function contextOfHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): RequestContext {
  return {
    requestId: acceptRequestId(headers[REQUEST_ID_HEADER]),
    traceparent: acceptTraceparent(headers[TRACEPARENT_HEADER]),
  };
}

/** The headers with which an outgoing call carries the context of the request being served on; none outside of one. */
export function headersOfContext(context: RequestContext | undefined = currentRequest()): Record<string, string> {
  if (context === undefined) return {};
  const { requestId, traceparent } = context;
  return { [REQUEST_ID_HEADER]: requestId, ...(traceparent !== undefined && { [TRACEPARENT_HEADER]: traceparent }) };
}
