import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import { type PlanNode, type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { compilePrice, readCostModel } from '@app/operation-cost';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';

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
export const DEFAULT_LIST_SIZE = 10;

/** A document and which of its operations is meant; the only one when it has none of that name. */
export interface NamedDocument {
  readonly document: string;
  readonly name?: string;
}

/** What came of looking at an operation. */
export type Look =
  | { readonly kind: 'measured'; readonly figures: OperationFigures }
  /** It does not fit the schema. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** It fits, and the planner finds no way to answer it. */
  | { readonly kind: 'unplannable'; readonly message: string };

/** Makes the function that tells what an operation takes. */
export function operationFigures(supergraph: Supergraph): (operation: NamedDocument) => Look {
  const api = supergraph.apiSchema();
  const schema: GraphQLSchema = api.toGraphQLJSSchema({ includeDefer: true });
  const costs = readCostModel(supergraph.schema);
  const planner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } });
  return ({ document: text, name }) => {
    const checked = checkDocument(text, name, schema);
    if ('message' in checked) return { kind: 'invalid', message: checked.message };
    const { document, operation } = checked;
    try {
      const price = compilePrice({ schema, costs, document, operation, defaultListSize: DEFAULT_LIST_SIZE });
      const plan = planner.buildQueryPlan(operationFromDocument(api, document, { operationName: operation.name?.value }));
      return { kind: 'measured', figures: { cost: price({}).cost, ...measurePlan(plan) } };
    } catch (error) {
      return { kind: 'unplannable', message: error instanceof Error ? error.message : String(error) };
    }
  };
}

function checkDocument(
  text: string,
  name: string | undefined,
  schema: GraphQLSchema,
): { document: DocumentNode; operation: OperationDefinitionNode } | { message: string } {
  try {
    const document = parse(text);
    const operation = getOperationAST(document, name) ?? getOperationAST(document);
    if (!operation) return { message: 'There is no operation of that name in the document.' };
    const [mistake] = validate(schema, document, undefined, { maxErrors: 1 });
    return mistake ? { message: mistake.message } : { document, operation };
  } catch (error) {
    if (error instanceof GraphQLError) return { message: error.message };
    throw error;
  }
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
