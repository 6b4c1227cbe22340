import type { InternalSigner } from '@app/auth';
import { currentRequest, headersOfContext } from '@app/observability';
import type { Execution } from './executor.ts';

/** What a subgraph is told about a request besides its body. */
export type RequestOrigin = Pick<Execution, 'principal' | 'requestId' | 'client'>;

/**
 * Headers of one request to a subgraph: the request id and the trace for all; for those that share a key with us also who asks, signed together with the
 * body, and from where, for throttling and lists of sessions. Nothing that the client sent is passed on: no token, no cookie.
 */
export function subgraphHeaders(
  signer: InternalSigner | undefined,
  { principal, requestId, client }: RequestOrigin,
  body: string,
): Record<string, string> {
  const headers = headersOfContext({ requestId, traceparent: currentRequest()?.traceparent });
  if (signer === undefined) return headers;
  const userAgent: Record<string, string> = client.userAgent === undefined ? {} : { 'x-client-user-agent': client.userAgent };
  return { ...headers, ...signer.sign(principal, body), 'x-client-address': client.address, ...userAgent };
}
