import type { IncomingHttpHeaders } from 'node:http';

const ALLOWED_HEADERS =
  'content-type, authorization, x-request-id, apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version, apollo-expose-query-plan, apollo-query-plan-experimental, apollo-query-plan-experimental-format, x-gateway-inspect';
const EXPOSED_HEADERS = 'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset';

/** Lets browsers read answers to pages of the configured origins, with credentials, and of no other: headers of every answer. */
export function corsHeaders(origins: ReadonlySet<string>, { origin }: IncomingHttpHeaders): Record<string, string> {
  if (origin === undefined || !origins.has(origin)) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': EXPOSED_HEADERS,
  };
}

/** What a browser is told that asks before it sends: further headers of the answer to `OPTIONS`. */
export function preflightHeaders(origins: ReadonlySet<string>, headers: IncomingHttpHeaders): Record<string, string> {
  const { origin, 'access-control-request-private-network': asksForLocalNetwork } = headers;
  // Chromium asks before a page from the internet, such as Apollo Studio's Explorer, may call a machine of the local network.
  const isLocalNetworkAllowed = origin !== undefined && origins.has(origin) && asksForLocalNetwork === 'true';
  return {
    ...(isLocalNetworkAllowed && { 'access-control-allow-private-network': 'true' }),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  };
}
