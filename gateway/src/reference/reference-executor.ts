import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import type { Logger } from '@app/observability';
import type { ExecutionResult } from 'graphql';
import { keepApolloQuiet } from '../config.ts';
import type { Execution, Executor } from '../schema/executor.ts';
import { stripSecurity } from './strip-security.ts';
import { callSubgraph, type SubgraphSourceOptions } from './subgraph-source.ts';

/** What the reference executor needs besides the SDL. */
export interface ReferenceExecutorOptions {
  readonly logger: Logger;
  readonly connect: (subgraph: { name: string; url: string }) => SubgraphSourceOptions;
}

/** What the data sources find in Apollo Server's context. */
type SourceContext = Pick<Execution, 'principal' | 'requestId' | 'client' | 'signal' | 'onFetch'>;

/** Executes with the unmodified @apollo/gateway: what our own executor is compared with. */
export async function createReferenceExecutor(supergraphSdl: string, options: ReferenceExecutorOptions): Promise<Executor> {
  // It would ask the machine's network in which cloud it is, and send that with its figures.
  keepApolloQuiet();
  const gateway = new ApolloGateway({
    supergraphSdl: stripSecurity(supergraphSdl),
    logger: quietLogger(options.logger),
    buildService: ({ name, url }): GraphQLDataSource => createSource(options.connect({ name, url: url ?? '' })),
  });
  const { executor } = await gateway.load();
  let stopped: Promise<void> | undefined;
  return {
    execute: (execution) => executor(requestContextOf(execution)) as Promise<ExecutionResult>,
    stop: () => (stopped ??= gateway.stop()),
  };
}

/**
 * @apollo/gateway keys its plans by `queryHash`. A filtered document must have its own key, or one caller's plan is executed for another.
 */
function requestContextOf(execution: Execution): GatewayGraphQLRequestContext {
  const { requestContext, document, operation, planKey, variables } = execution;
  if (requestContext === undefined) throw new Error('the reference executor serves only what comes through Apollo Server');
  const { principal, requestId, client, signal, onFetch } = execution;
  const context: SourceContext = { principal, requestId, client, signal, onFetch };
  return {
    ...requestContext,
    request: { ...requestContext.request, variables: { ...variables } },
    document,
    operation,
    queryHash: planKey,
    context,
  };
}

function createSource(options: SubgraphSourceOptions): GraphQLDataSource {
  return {
    process: ({ request, context }) => {
      const body = JSON.stringify({ query: request.query, variables: request.variables, operationName: request.operationName });
      return callSubgraph(options, { ...(context as unknown as SourceContext), body });
    },
  };
}

/** Its chatter about loading is ours to tell; what it warns of stays. */
function quietLogger(logger: Logger) {
  const text = (level: 'warn' | 'error' | 'debug') => (message: unknown) => logger[level]({ from: '@apollo/gateway' }, String(message));
  return { debug: text('debug'), info: text('debug'), warn: text('warn'), error: text('error') };
}
