import { AnswerTags, type SubgraphCall } from '@app/subgraph';
import type { ProductsApp, Viewer } from '../service/ports.ts';
import { type CatalogueLoaders, catalogueLoaders } from './catalogue.loaders.ts';

/** What resolvers work with; one per request. */
export interface ProductsContext {
  readonly app: ProductsApp;
  readonly viewer: Viewer;
  readonly loaders: CatalogueLoaders;
  /** Products that the answer is about. */
  readonly tags: AnswerTags;
  /** Products of the variants that other subgraphs refer to, by what they call them. */
  readonly variantProducts: Map<string, string>;
}

/** Builds the context of a call. */
export function contextFor(app: ProductsApp, { principal, requestId }: SubgraphCall): ProductsContext {
  const viewer = { principal, requestId };
  return { app, viewer, loaders: catalogueLoaders(app, viewer), tags: new AnswerTags(), variantProducts: new Map() };
}
