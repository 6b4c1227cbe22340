import { createHash } from 'node:crypto';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';

/** A subgraph as the supergraph names it. */
export interface SubgraphMetadata {
  readonly name: string;
  readonly url: string;
}

/** One version of the supergraph: immutable, built whole, replaced whole. */
export interface SupergraphGeneration {
  /** SHA-256 of the SDL in hexadecimal. */
  readonly id: string;
  readonly sdl: string;
  /** What clients see: nothing that is `@inaccessible`. */
  readonly apiSchema: GraphQLSchema;
  /** Everything, `@inaccessible` types included: subgraph answers are read with it. */
  readonly fullSchema: GraphQLSchema;
  readonly supergraph: Supergraph;
  readonly subgraphs: ReadonlyMap<string, SubgraphMetadata>;
}

/** The SDL is not a supergraph, or asks for something that this gateway does not know and may not ignore. */
export class InvalidSupergraphError extends Error {
  override readonly name = 'InvalidSupergraphError';
  readonly code = 'INVALID_SUPERGRAPH';
}

/**
 * Reads a supergraph SDL.
 * @throws {InvalidSupergraphError} when it is no valid supergraph or links an unknown feature `for: SECURITY` or `for: EXECUTION`: serving
 * it without that feature would serve what the feature protects.
 */
export function loadSupergraph(sdl: string): SupergraphGeneration {
  try {
    const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
    return {
      id: createHash('sha256').update(sdl).digest('hex'),
      sdl,
      apiSchema: supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true }),
      fullSchema: supergraph.schema.toGraphQLJSSchema(),
      supergraph,
      subgraphs: new Map(supergraph.subgraphsMetadata().map((subgraph) => [subgraph.name, subgraph])),
    };
  } catch (cause) {
    throw new InvalidSupergraphError(cause instanceof Error ? cause.message : 'The supergraph cannot be read.', { cause });
  }
}
