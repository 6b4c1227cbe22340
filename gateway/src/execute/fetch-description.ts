import type { FetchDataKeyRenamer, FetchDataRewrite, FetchNode, QueryPlanSelectionNode, ResponsePath } from '@apollo/query-planner';
import type { EntityKeys, PlannedFetch } from '../plan/divide-fetch.ts';

/** What a request to a subgraph consists of before any request is made. */
export interface FetchDescription {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly kind: FetchNode['operationKind'];
  /** Names by which deferred parts of the plan wait for it. */
  readonly ids: readonly string[];
  /** Client variables that the query uses. */
  readonly variableUsages: readonly string[];
}

/** A fetch of root fields. */
export interface RootFetch extends FetchDescription {
  /** Where the root object stands in the response; empty but for a `Query` inside a payload. */
  readonly path: ResponsePath;
  readonly outputRewrites: readonly FetchDataRewrite[];
}

/** A fetch of entities. */
export interface EntityFetch extends FetchDescription {
  /** Where the entities stand in the response. */
  readonly paths: readonly ResponsePath[];
  readonly requires: readonly QueryPlanSelectionNode[];
  readonly inputRewrites: readonly FetchDataRewrite[];
  readonly outputRewrites: readonly FetchDataRewrite[];
  /** Where the values of `@fromContext` arguments stand, seen from an entity, and the variables that take them. */
  readonly contextRewrites: readonly FetchDataKeyRenamer[];
  /** What a representation must have to be sent; absent when it always has it. */
  readonly keys: EntityKeys | undefined;
  /** Ask for entities that lack something that only some of the fields require. */
  readonly fallbacks: readonly EntityFetch[];
}

/** The field and the variable that subgraphs offer entities under (federation subgraph specification). */
export const ENTITIES = '_entities';
export const REPRESENTATIONS = 'representations';

/** Reads a plan's fetch node that stands at `path`. */
export function describeFetch(node: PlannedFetch, path: ResponsePath): RootFetch | EntityFetch {
  const { inputRewrites = [], outputRewrites = [], contextRewrites = [], requires, variableUsages = [] } = node;
  const description = {
    subgraph: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    kind: node.operationKind,
    ids: node.id === undefined ? [] : [node.id],
    variableUsages: variableUsages.filter((name) => !contextRewrites.some(({ renameKeyTo }) => renameKeyTo === name)),
  };
  if (requires === undefined) return { ...description, path, outputRewrites };
  const fallbacks = (node.fallbacks ?? []).map((fallback) => describeFetch(fallback, path)).filter((fetch) => 'requires' in fetch);
  return { ...description, paths: [path], requires, inputRewrites, outputRewrites, contextRewrites, keys: node.keys, fallbacks };
}
