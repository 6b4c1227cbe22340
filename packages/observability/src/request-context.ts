import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What is known about the request being served. Fields that become known later are set on the same object. */
export interface RequestContext {
  /** Identifies one request in every log line, error and subgraph call. */
  readonly requestId: string;
  /** Name of the GraphQL operation, once known. */
  operationName?: string;
  /** Id of the caller (a user or service id, never a token), once known. */
  principalId?: string;
}

/** The header that carries the request id between processes, in lower case. */
export const REQUEST_ID_HEADER = 'x-request-id';

const storage = new AsyncLocalStorage<RequestContext>();
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
