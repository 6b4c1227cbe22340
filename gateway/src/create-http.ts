import type { ApolloServer } from '@apollo/server';
import type { Readiness } from '@app/observability';
import { createAuthentication } from './auth/authentication.ts';
import { createGraphQLRoute, type GatewayContext } from './http/graphql-route.ts';
import type { Handler } from './http/http-message.ts';
import { createHttpServer } from './http/http-server.ts';
import type { Shortcut } from './http/shortcut.ts';
import { graphiqlPages } from './landing/graphiql.ts';
import type { Refusals } from './limits/refusals.ts';
import type { SharedParts } from './shared-parts.ts';
import { logRequest } from './telemetry/request-log.ts';

/** What the public port is joined to. */
export interface HttpParts {
  readonly readiness: Readiness;
  readonly refusals: Refusals;
  readonly shortcut: Shortcut | undefined;
}

/** The public port: authentication, the GraphQL route, and the pages of developers outside production. */
export function createHttp(apollo: ApolloServer<GatewayContext>, shared: SharedParts, { readiness, refusals, shortcut }: HttpParts) {
  const { config, logger, counted, redis, documents, publicError, usage, breakers } = shared;
  const { authenticate, jwks } = createAuthentication({
    breakers,
    issuers: config.issuers,
    cookie: config.TOKEN_COOKIE,
    jwksProxyUrl: config.JWKS_PROXY_URL,
    jwksCooldownMs: config.JWKS_COOLDOWN_MS,
    tokenCacheSize: config.TOKEN_CACHE_SIZE,
    revocation: {
      redis,
      rememberMs: config.REVOCATION_REMEMBER_MS,
      whenUnavailable: config.REVOCATION,
      onUnavailable: () => counted.fellBack('revocation'),
    },
  });
  const pages =
    config.NODE_ENV === 'production'
      ? new Map<string, Handler>()
      : graphiqlPages({ emails: config.DEMO_LOGINS, password: config.DEMO_PASSWORD });
  if (jwks) pages.set('/.well-known/jwks.json', jwksPage(jwks));
  return createHttpServer({
    readiness,
    pages,
    corsOrigins: config.CORS_ORIGINS,
    maxBodyBytes: config.MAX_BODY_BYTES,
    maxHeaderBytes: config.MAX_HEADER_BYTES,
    proxies: config.TRUST_PROXY,
    graphql: createGraphQLRoute({
      apollo,
      shortcut,
      authenticate,
      admit: (request) => refusals.admit(request),
      documents,
      inspection: { isOpen: config.NODE_ENV !== 'production', scope: config.INSPECT_SCOPE },
      requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
      maxBatch: config.MAX_BATCH,
      showsLandingPage: config.NODE_ENV !== 'production',
      publicError,
      onAnswered: (state, status, durationMs) => {
        counted.answered(state, status, durationMs);
        usage?.record(state, durationMs);
        logRequest(logger, state, status, durationMs);
      },
    }),
    onRefused: (code, error) => {
      counted.refused('http', error);
      logger.info({ code, ...(code === 'INTERNAL' && { err: error }) }, 'request refused');
    },
  });
}

function jwksPage(jwks: () => Promise<string>): Handler {
  const headers = { 'cache-control': 'public, max-age=60', 'content-type': 'application/json' };
  return async () => ({ status: 200, headers, body: await jwks() });
}
