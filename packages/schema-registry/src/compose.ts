import { composeServices } from '@apollo/composition';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { hasProtocol } from '@app/config';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, Source } from 'graphql';
import { assumeFederation2 } from './assume-federation-2.ts';
import type { Finding, SourcePlace } from './finding.ts';
import type { SubgraphSource } from './graph.ts';

/** What composition gives. Without a supergraph the findings say why. Hints are warnings. */
export interface Composition {
  readonly supergraph: string | null;
  /** Schema that clients see; null without a supergraph. */
  readonly apiSchema: GraphQLSchema | null;
  readonly findings: readonly Finding[];
}

/** A node that composition blames. Its source is named after the file that was parsed. */
interface BlamedNode {
  readonly loc?: { readonly source?: { readonly name: string }; readonly startToken?: { readonly line: number; readonly column: number } };
}

/** Composes with Apollo's composition, which also checks that access control holds through every path. */
export function compose(subgraphs: readonly SubgraphSource[]): Composition {
  const parsed = subgraphs.map((source) => parseSubgraph(source));
  const noted = [
    ...parsed.flatMap(({ finding }) => finding ?? []),
    ...subgraphs.filter(({ url }) => !hasProtocol(url, ['http', 'https'])).map(withoutAddress),
  ];
  if (noted.some(({ severity }) => severity === 'error')) return { supergraph: null, apiSchema: null, findings: noted };
  const result = tryCompose(parsed.flatMap(({ source, typeDefs }) => (typeDefs ? [{ name: source.name, url: source.url, typeDefs }] : [])));
  if (result.errors) return { supergraph: null, apiSchema: null, findings: [...noted, ...result.errors.map(errorFinding)] };
  const hints = result.hints.map(
    (hint): Finding => ({
      severity: 'warning',
      code: hint.definition.code,
      message: hint.message,
      ...(hint.coordinate !== undefined && { coordinate: hint.coordinate }),
      ...placeOf(hint.nodes as BlamedNode[] | undefined),
    }),
  );
  return { supergraph: result.supergraphSdl, apiSchema: apiSchemaOf(result.supergraphSdl), findings: [...noted, ...hints] };
}

function withoutAddress({ name, url }: SubgraphSource): Finding {
  return {
    severity: 'warning',
    code: 'SUBGRAPH_WITHOUT_ADDRESS',
    message: `The address of ${name} is "${url}", which is no URL with http or https: gateways that are not told another one cannot call it.`,
    wayOut: 'Give it a routing_url.',
  };
}

/** Some mistakes make composition throw instead of telling, such as a type that extends an enum. */
function tryCompose(services: Parameters<typeof composeServices>[0]): ReturnType<typeof composeServices> {
  try {
    return composeServices(services);
  } catch (cause) {
    // Too deep for the stack is no mistake: who calls says how much is too much.
    if (cause instanceof RangeError || !(cause instanceof Error)) throw cause;
    return { errors: [new GraphQLError(`Composition gave up: ${cause.message}`, { originalError: cause })] };
  }
}

/** Reads a supergraph with every feature that a router knows. */
export function loadSupergraph(supergraphSdl: string): Supergraph {
  return Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
}

/** The schema that clients see of a supergraph. */
export function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  return loadSupergraph(supergraphSdl).apiSchema().toGraphQLJSSchema();
}

function parseSubgraph(source: SubgraphSource): { source: SubgraphSource; typeDefs?: DocumentNode; finding?: Finding } {
  try {
    const { document, finding } = assumeFederation2(parse(new Source(source.sdl, source.file)), source);
    return { source, typeDefs: document, ...(finding && { finding }) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [at] = error.locations ?? [];
    const place = { file: source.file, line: at?.line ?? 1, column: at?.column ?? 1 };
    return { source, finding: { severity: 'error', code: 'INVALID_GRAPHQL', message: `${source.name}: ${error.message}`, place } };
  }
}

function errorFinding(error: GraphQLError): Finding {
  return {
    severity: 'error',
    code: String(error.extensions['code'] ?? 'COMPOSITION_ERROR'),
    message: error.message,
    ...placeOf(error.nodes as readonly BlamedNode[] | undefined),
  };
}

function placeOf(nodes: readonly BlamedNode[] | undefined): { place?: SourcePlace } {
  for (const { loc } of nodes ?? []) {
    if (loc?.source && loc.startToken)
      return { place: { file: loc.source.name, line: loc.startToken.line, column: loc.startToken.column } };
  }
  return {};
}
