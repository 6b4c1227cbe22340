import type { FastifyInstance } from 'fastify';
import { buildSchema, GraphQLError, graphql, NoSchemaIntrospectionCustomRule, parse, validate } from 'graphql';
import { newestSupergraph, supergraphText } from '../data/newest-supergraph.ts';
import { graphRef } from '../domain/graph-ref.ts';
import { RegistryError } from '../registry-error.ts';
import { authenticate } from './authenticate.ts';
import type { Parts } from './parts.ts';

/** The part of Apollo Uplink's schema that supergraphs are fetched with, as stock gateways and routers ask it. */
const schema = buildSchema(`
  type Query {
    routerConfig(ref: String!, apiKey: String!, ifAfterId: ID): RouterConfigResponse!
  }
  union RouterConfigResponse = RouterConfigResult | Unchanged | FetchError
  type RouterConfigResult { id: ID! supergraphSDL: String! messages: [Message!]! minDelaySeconds: Float! }
  type Unchanged { id: ID! minDelaySeconds: Float! }
  type FetchError { code: FetchErrorCode! message: String! minDelaySeconds: Float! }
  type Message { level: MessageLevel! body: String! }
  enum MessageLevel { ERROR WARN INFO }
  enum FetchErrorCode { AUTHENTICATION_FAILED ACCESS_DENIED UNKNOWN_REF RETRY_LATER NOT_IMPLEMENTED_ON_THIS_INSTANCE }
`);

const MAX_TOKENS = 500;

interface RouterConfigArguments {
  readonly ref: string;
  readonly apiKey: string;
  readonly ifAfterId?: string | null;
}

/**
 * `POST /uplink`: Apollo Uplink's query, so that a stock @apollo/gateway in managed mode, or any other client of Uplink, polls this registry:
 * APOLLO_SCHEMA_CONFIG_DELIVERY_ENDPOINT is this address, APOLLO_KEY a token with `read`, APOLLO_GRAPH_REF its graph.
 */
export function uplinkRoute(app: FastifyInstance, parts: Parts): void {
  const rootValue = { routerConfig: (args: RouterConfigArguments) => routerConfig(parts, args) };
  app.post('/uplink', async (request) => {
    const { query, variables = null } = (request.body ?? {}) as { query?: unknown; variables?: unknown };
    if (typeof query !== 'string') throw new RegistryError('WRONG_FIELD', 'query: send a GraphQL request, { "query": …, "variables": … }.');
    if (typeof variables !== 'object') throw new RegistryError('WRONG_FIELD', 'variables: send an object, or leave them out.');
    const mistakes = mistakesIn(query);
    if (mistakes.length > 0) return { errors: mistakes.map((error) => error.toJSON()) };
    return graphql({ schema, source: query, rootValue, variableValues: (variables ?? {}) as Record<string, unknown> });
  });
}

function mistakesIn(query: string): readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    return validate(schema, document, undefined, { maxErrors: 1 }).concat(validate(schema, document, [NoSchemaIntrospectionCustomRule]));
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

async function routerConfig(parts: Parts, { ref, apiKey, ifAfterId }: RouterConfigArguments): Promise<Record<string, unknown>> {
  const minDelaySeconds = parts.config.UPLINK_MIN_DELAY_SECONDS;
  const refuse = (code: string, message: string) => ({ __typename: 'FetchError', code, message, minDelaySeconds });
  try {
    const graph = graphRef(ref);
    const caller = await authenticate(parts.pool, apiKey, 'read');
    if (caller.graph !== graph)
      return refuse('ACCESS_DENIED', `This key is for ${caller.graph}, not for ${graph}: set APOLLO_GRAPH_REF to it.`);
    const newest = await newestSupergraph(parts.pool, graph);
    if (!newest) return refuse('UNKNOWN_REF', `Nothing was published to ${graph} yet.`);
    if (newest.hash === ifAfterId) return { __typename: 'Unchanged', id: newest.hash, minDelaySeconds };
    const supergraphSDL = await supergraphText(parts.pool, newest.hash);
    return { __typename: 'RouterConfigResult', id: newest.hash, supergraphSDL, messages: [], minDelaySeconds };
  } catch (error) {
    if (!(error instanceof RegistryError)) {
      parts.logger.error({ err: error }, 'Uplink query failed');
      return refuse('RETRY_LATER', 'The registry cannot answer just now.');
    }
    return refuse(
      error.code === 'RIGHT_MISSING' ? 'ACCESS_DENIED' : error.code === 'WRONG_FIELD' ? 'UNKNOWN_REF' : 'AUTHENTICATION_FAILED',
      error.message,
    );
  }
}
