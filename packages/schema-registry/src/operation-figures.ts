import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import { type PlanNode, type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { compilePrice, readCostModel } from '@app/operation-cost';
import { GraphQLError, type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';

/** What an operation takes. */
export interface OperationFigures {
  /** Static cost with the defaults of its variables. */
  readonly cost: number;
  /** Calls of subgraphs. */
  readonly fetches: number;
  /** The longest row of calls that wait for each other. */
  readonly depth: number;
}

/** Items of a list that the schema says nothing about, as the gateway counts them by default. */
const DEFAULT_LIST_SIZE = 10;

/** Makes the function that tells what an operation takes; undefined for one that does not fit the schema. */
export function operationFigures(supergraph: Supergraph): (document: string) => OperationFigures | undefined {
  const api = supergraph.apiSchema();
  const schema: GraphQLSchema = api.toGraphQLJSSchema();
  const costs = readCostModel(supergraph.schema);
  const planner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } });
  return (text) => {
    try {
      const document = parse(text);
      const operation = getOperationAST(document);
      if (!operation || validate(schema, document).length > 0) return undefined;
      const price = compilePrice({ schema, costs, document, operation, defaultListSize: DEFAULT_LIST_SIZE });
      const plan = planner.buildQueryPlan(operationFromDocument(api, document, {}));
      return { cost: price({}).cost, ...measurePlan(plan) };
    } catch (error) {
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
  };
}

/** Counts the calls of a plan and the longest row of them. */
export function measurePlan({ node }: QueryPlan): { fetches: number; depth: number } {
  return node === undefined || node.kind === 'Subscription' ? { fetches: 0, depth: 0 } : measure(node);
}

function measure(node: PlanNode): { fetches: number; depth: number } {
  switch (node.kind) {
    case 'Fetch':
      return { fetches: 1, depth: 1 };
    case 'Flatten':
      return measure(node.node);
    case 'Sequence':
      return inSequence(node.nodes.map(measure));
    case 'Parallel':
      return sideBySide(node.nodes.map(measure));
    case 'Condition':
      return sideBySide([node.ifClause, node.elseClause].flatMap((clause) => (clause ? [measure(clause)] : [])));
    case 'Defer': {
      const deferred = sideBySide(node.deferred.flatMap((part) => (part.node ? [measure(part.node)] : [])));
      return inSequence([...(node.primary.node ? [measure(node.primary.node)] : []), deferred]);
    }
  }
}

type Measured = { fetches: number; depth: number };

function inSequence(parts: readonly Measured[]): Measured {
  return parts.reduce((all, part) => ({ fetches: all.fetches + part.fetches, depth: all.depth + part.depth }), { fetches: 0, depth: 0 });
}

function sideBySide(parts: readonly Measured[]): Measured {
  return parts.reduce((all, part) => ({ fetches: all.fetches + part.fetches, depth: Math.max(all.depth, part.depth) }), {
    fetches: 0,
    depth: 0,
  });
}
