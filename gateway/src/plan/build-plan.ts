import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import { loadSupergraph, type SupergraphGeneration } from '../supergraph/supergraph-generation.ts';
import { hasTooManyConditions, withoutDefer } from './defer-conditions.ts';
import { divideFetch } from './divide-fetch.ts';
import { exactNumbers } from './exact-numbers.ts';
import { mapFetches } from './map-fetches.ts';
import { planningSupergraph } from './planning-supergraph.ts';
import { ResponseKeys } from './response-keys.ts';
import { assertAnswerable } from './unanswerable.ts';

/**
 * Plans one operation, synchronously, with these labels of `@override` active; throws when the operation does not fit the schema.
 * @throws {UnanswerableError} when no subgraph offers a way to a field.
 */
export type BuildPlan = (document: DocumentNode, operationName: string | undefined, activeLabels?: readonly string[]) => QueryPlan;

/**
 * Makes the function that plans on one supergraph. It blocks while it plans, for milliseconds as a rule and for seconds at worst: request
 * handling goes through a `Planner` instead. Answers stand in the plan under the keys that `ResponseKeys` gives them.
 */
export function planBuilder(source: string | Pick<SupergraphGeneration, 'sdl'>): BuildPlan {
  const { sdl, ...scope } = planningSupergraph(typeof source === 'string' ? source : source.sdl);
  const generation = loadSupergraph(sdl);
  const { supergraph, fullSchema } = generation;
  const keys = ResponseKeys.of(generation);
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, {
    incrementalDelivery: { enableDefer: true },
    reuseQueryFragments: false,
    generateQueryFragments: false,
  });
  const plan = (document: DocumentNode, operationName: string | undefined, activeLabels: readonly string[]): QueryPlan => {
    const exact = exactNumbers(document, fullSchema);
    const operation = operationFromDocument(apiSchema, exact.document, { operationName });
    const overrideConditions = new Map(activeLabels.map((label) => [label, true]));
    return mapFetches(planner.buildQueryPlan(operation, { overrideConditions }), (fetch) => divideFetch(exact.restore(fetch), scope));
  };
  return (document, operationName, activeLabels = []) => {
    const { planned } = keys.forDocument(document);
    const made = planDeferred(planned, (attempt) => plan(attempt, operationName, activeLabels));
    assertAnswerable(made, { document: planned, operationName, schema: fullSchema });
    return made;
  };
}

/** Any server may answer in one piece: what the planner fails on only because of its `@defer`, or would take too long for, is planned without. */
function planDeferred(document: DocumentNode, plan: (document: DocumentNode) => QueryPlan): QueryPlan {
  if (hasTooManyConditions(document)) return plan(withoutDefer(document));
  try {
    return plan(document);
  } catch (error) {
    const whole = withoutDefer(document);
    if (whole === document) throw error;
    return plan(whole);
  }
}
