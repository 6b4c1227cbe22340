import { type CostModel, readCostModel } from '@app/operation-cost';
import { type AuthorizationRules, compileRules } from '../authorize/rules.ts';
import { KnownOperations } from '../operation/known-operations.ts';
import { loadSupergraph, type SupergraphGeneration } from '../supergraph/supergraph-generation.ts';
import type { Executor, ExecutorFactory } from './executor.ts';

/**
 * Everything that follows from one version of the supergraph. It is built whole and swapped whole: a request keeps the generation it
 * started on, so it never meets the rules of one schema with the plans of another.
 */
export interface Generation extends SupergraphGeneration {
  readonly rules: AuthorizationRules;
  readonly costs: CostModel;
  readonly executor: Executor;
  /** Operations that passed the checks which depend on their text only. */
  readonly operations: KnownOperations;
}

/** Options of {@link buildGeneration}. */
export interface GenerationOptions {
  readonly createExecutor: ExecutorFactory;
  /** Where subgraphs are when not where the supergraph says, by name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** How many checked operations are remembered. */
  readonly operationCacheSize: number;
}

/** Builds all parts of a supergraph, or throws and leaves none behind. */
export async function buildGeneration(sdl: string, options: GenerationOptions): Promise<Generation> {
  const supergraph = loadSupergraph(sdl);
  const loaded = { ...supergraph, subgraphs: relocated(supergraph.subgraphs, options.subgraphUrls) };
  return {
    ...loaded,
    rules: compileRules(loaded.supergraph.schema, loaded.apiSchema),
    costs: readCostModel(loaded.supergraph.schema),
    executor: await options.createExecutor(loaded),
    operations: new KnownOperations(options.operationCacheSize),
  };
}

function relocated(subgraphs: SupergraphGeneration['subgraphs'], urls: ReadonlyMap<string, string>): SupergraphGeneration['subgraphs'] {
  return new Map([...subgraphs].map(([name, subgraph]) => [name, { ...subgraph, url: urls.get(name) ?? subgraph.url }]));
}
