import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** A subgraph as composition takes it. */
export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** What composition says: a supergraph, or what stands in its way. Hints are findings that do not stop it. */
export type Composition = { readonly supergraph: string; readonly hints: readonly string[] } | { readonly errors: readonly string[] };

/** Composes subgraphs with Apollo's own composition, which also checks that access control holds through every path. */
export function compose(subgraphs: readonly SubgraphSource[]): Composition {
  const result = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (result.errors) return { errors: result.errors.map((error) => error.message) };
  return { supergraph: result.supergraphSdl, hints: result.hints.map((hint) => `${hint.definition.code}: ${hint.message}`) };
}
