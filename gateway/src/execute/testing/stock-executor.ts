import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, isInterfaceType } from 'graphql';
import type { SupergraphGeneration } from '../../supergraph/supergraph-generation.ts';
import type { Answer } from './invented-subgraph.ts';

/** What the stock executor made of a plan. */
export interface StockOutcome {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
  readonly extensions?: { readonly valueCompletion?: readonly { readonly path?: readonly (string | number)[] }[] };
}

/** Everything that one execution needs. */
export interface StockExecution {
  readonly plan: QueryPlan;
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
}

/** Runs a plan with Apollo's own executor, to compare with. */
export async function executeStock(
  { plan, document, variables }: StockExecution,
  generation: SupergraphGeneration,
  subgraphs: ReadonlyMap<string, Answer>,
): Promise<StockOutcome> {
  const services: Record<string, GraphQLDataSource> = Object.fromEntries(
    [...subgraphs].map(([name, answer]) => [
      name,
      {
        process: async ({ request }) =>
          withoutInterfaceNames(await answer(request.query ?? '', withRenamedNulls(request.variables ?? {})), generation),
      } as GraphQLDataSource,
    ]),
  );
  const requestContext = { request: { variables }, logger: console, metrics: {} };
  const operationContext = buildOperationContext({ schema: generation.apiSchema, operationDocument: document });
  const { supergraph, fullSchema } = generation;
  return (await executeQueryPlan(
    plan,
    services,
    requestContext as never,
    operationContext,
    fullSchema,
    supergraph.apiSchema(),
    {},
  )) as StockOutcome;
}

/** The stock executor does not rename keys of representations as the plan says when their value is null, 0, false or empty. */
function withRenamedNulls(variables: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(variables).replace(/__required_\d+":/g, '":'));
}

/**
 * A subgraph that knows an entity as an interface object names the interface as its type. The stock executor lets that replace the type
 * that it knew and goes on to answer null without an error; it keeps the type when the answer names none.
 */
function withoutInterfaceNames(answer: Awaited<ReturnType<Answer>>, { fullSchema }: SupergraphGeneration): Awaited<ReturnType<Answer>> {
  const entities = (answer.data as { _entities?: ({ __typename?: string } | null)[] } | null | undefined)?._entities ?? [];
  for (const entity of entities) {
    if (entity?.__typename !== undefined && isInterfaceType(fullSchema.getType(entity.__typename))) delete entity.__typename;
  }
  return answer;
}
