import { ApolloServer } from '@apollo/server';
import { apolloPipeline } from './http/apollo-pipeline.ts';
import type { GatewayContext } from './http/graphql-route.ts';
import { stringifyResult } from './http/stringify-result.ts';
import { landingPage } from './landing/landing-page.ts';
import type { Refusals } from './limits/refusals.ts';
import { createPersistedQueries } from './operation/persisted-queries.ts';
import type { OperationState } from './operation/request-state.ts';
import type { LiveSchema } from './schema/live-schema.ts';
import type { SharedParts } from './shared-parts.ts';
import { needsApolloServer, usageReporting } from './telemetry/usage-reporting.ts';

/** What Apollo Server leaves to the gateway. */
export interface ApolloParts {
  readonly run: (state: OperationState) => Promise<void>;
  readonly refusals: Refusals;
}

/** Apollo Server around the pipeline: it reads requests, negotiates and writes answers; `run` does what is between. */
export function createApollo(schema: LiveSchema, shared: SharedParts, { run, refusals }: ApolloParts): ApolloServer<GatewayContext> {
  const { config, logger, counted, redis, publicError } = shared;
  const isProduction = config.NODE_ENV === 'production';
  return new ApolloServer<GatewayContext>({
    gateway: schema,
    logger,
    nodeEnv: config.NODE_ENV,
    // Validation is a stage of the pipeline: it must come after the limits that protect it.
    dangerouslyDisableValidation: true,
    introspection: !isProduction,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: config.MAX_BATCH > 0,
    parseOptions: { maxTokens: config.MAX_TOKENS },
    // The pipeline remembers documents itself; a second time only where all requests come through here.
    ...(!needsApolloServer(config) && { documentStore: null }),
    persistedQueries: { cache: createPersistedQueries(redis, () => counted.fellBack('persisted-queries')) },
    formatError: publicError,
    stringifyResult,
    apollo: { key: config.APOLLO_KEY, graphRef: config.APOLLO_GRAPH_REF },
    plugins: [
      landingPage(isProduction),
      usageReporting(config, logger),
      apolloPipeline({
        liveSchema: () => schema,
        publicError,
        showsExtensions: config.EXPOSE_COST,
        run,
        onUnread: (request, characters) => refusals.charge(request, characters),
      }),
    ],
  });
}
