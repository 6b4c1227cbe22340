import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import { loadSupergraph, type SupergraphGeneration } from '../supergraph/supergraph-generation.ts';

/** Plans one operation, synchronously; throws when the operation does not fit the schema. */
export type BuildPlan = (document: DocumentNode, operationName: string | undefined) => QueryPlan;

/**
 * Makes the function that plans on one supergraph. It blocks while it plans, for milliseconds as a rule and for seconds at worst: request
 * handling goes through a `Planner` instead.
 */
export function planBuilder(source: string | Pick<SupergraphGeneration, 'supergraph'>): BuildPlan {
  const { supergraph } = typeof source === 'string' ? loadSupergraph(source) : source;
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, {
    incrementalDelivery: { enableDefer: true },
    reuseQueryFragments: false,
    generateQueryFragments: false,
  });
  return (document, operationName) => planner.buildQueryPlan(operationFromDocument(apiSchema, document, { operationName }));
}
