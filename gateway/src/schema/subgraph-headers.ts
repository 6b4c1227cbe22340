import type { InternalSigner } from '@app/auth';
import { currentRequest, headersOfContext } from '@app/observability';
import type { Execution } from './executor.ts';

/** Asks a subgraph for a trace of its resolvers in `extensions.ftv1` (Apollo Federation's inline tracing). */
const TRACE_HEADER = 'apollo-federation-include-trace';

/** What a subgraph is told about a request besides its body. */
export type RequestOrigin = Pick<Execution, 'principal' | 'requestId' | 'client' | 'inspection'>;

/**
 * Headers of one request to a subgraph: the request id and the trace for all; for those that share a key with us also who asks, signed together with the
 * body, and from where, for throttling and lists of sessions. Nothing that the client sent is passed on: no token, no cookie.
 */
export function subgraphHeaders(
  signer: InternalSigner | undefined,
  { principal, requestId, client, inspection }: RequestOrigin,
  body: string,
): Record<string, string> {
  const headers = headersOfContext({ requestId, traceparent: currentRequest()?.traceparent });
  if (inspection?.asksForTraces === true) headers[TRACE_HEADER] = 'ftv1';
  if (signer === undefined) return headers;
  const userAgent: Record<string, string> = client.userAgent === undefined ? {} : { 'x-client-user-agent': client.userAgent };
  return { ...headers, ...signer.sign(principal, body), 'x-client-address': client.address, ...userAgent };
}
