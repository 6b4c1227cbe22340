import type { FastifyReply, FastifyRequest } from 'fastify';

const ALLOWED_HEADERS =
  'content-type, authorization, x-request-id, apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version, apollo-expose-query-plan, apollo-query-plan-experimental, apollo-query-plan-experimental-format, x-gateway-inspect';
const EXPOSED_HEADERS = 'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset';

/** Lets browsers call from the configured origins, with credentials, and from no other. Answers preflights; true when it did. */
export function applyCors(origins: ReadonlySet<string>, request: FastifyRequest, reply: FastifyReply): boolean {
  const { origin } = request.headers;
  reply.header('vary', 'origin');
  if (origin !== undefined && origins.has(origin)) {
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED_HEADERS,
    });
  }
  if (request.method !== 'OPTIONS') return false;
  // Chromium asks before a page from the internet, such as Apollo Studio's Explorer, may call a machine of the local network.
  if (origin !== undefined && origins.has(origin) && request.headers['access-control-request-private-network'] === 'true')
    reply.header('access-control-allow-private-network', 'true');
  reply.headers({
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  });
  void reply.code(204).send();
  return true;
}
