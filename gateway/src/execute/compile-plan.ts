import { type FetchNode, isPlanNode, type QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { fragmentsOf } from '../plan/fragments.ts';
import { fetchesOf } from '../plan/map-fetches.ts';
import { ResponseKeys } from '../plan/response-keys.ts';
import { clientVariable } from '../plan/variable-names.ts';
import type { SupergraphGeneration } from '../supergraph/supergraph-generation.ts';
import { compileNode } from './compile-node.ts';
import { conditionCompiler } from './condition.ts';
import { compileStages, hasDefer, type StagesOf } from './defer-stage.ts';
import { introspector } from './introspection.ts';
import type { Step } from './run.ts';
import { compileShape, type ShapeScope } from './shape.ts';
import type { Writer } from './shape-state.ts';

/** A plan made ready to run any number of times. */
export interface CompiledPlan {
  /** Asks the subgraphs; undefined when the operation needs none of them. */
  readonly fetch: Step | undefined;
  /** Writes `data` from their merged answers. */
  readonly shape: Writer;
  /** The same in parts; undefined when nothing is deferred. */
  readonly deferred: DeferredPlan | undefined;
  /** Turns the paths of errors, which are the plan's, into the client's. */
  readonly keys: ResponseKeys;
}

/** What is answered in parts. */
export interface DeferredPlan {
  readonly stages: StagesOf;
  readonly shape: Writer;
}

/** The operation that a plan was made for. */
export interface PlannedOperation {
  /** Valid against the API schema. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
}

/** The schemas of a generation that compiling reads. */
export type PlanSchemas = Pick<SupergraphGeneration, 'apiSchema' | 'fullSchema'>;

/**
 * Compiles a plan.
 * @throws when the document has no such operation, or the plan is a subscription: that is executed event by event, elsewhere.
 */
export function compilePlan(plan: QueryPlan, { document, operationName }: PlannedOperation, schemas: PlanSchemas): CompiledPlan {
  const operation = getOperationAST(document, operationName);
  const rootType = operation && schemas.apiSchema.getRootType(operation.operation);
  if (!operation || !rootType) throw new Error('The document has no operation of that name that the schema could answer.');
  if (plan.node !== undefined && !isPlanNode(plan.node)) throw new Error('A subscription is not executed as one request.');
  const keys = ResponseKeys.of(schemas);
  const { keyOf, labelOf } = keys.forDocument(document);
  const conditionOf = conditionCompiler(operation);
  const introspect = introspector(schemas.apiSchema, document, operation);
  const shapeScope = { schema: schemas.apiSchema, keyOf, fragments: fragmentsOf(document), conditionOf, introspect };
  const fetches = fetchesOf(plan.node);
  const scope = {
    schema: schemas.fullSchema,
    hasContext: fetches.some(takesContext),
    conditionOf: (variable: string) => conditionOf(clientVariable(variable)),
  };
  const compileData = (defers: Pick<ShapeScope, 'planLabelOf'>) =>
    compileShape({ ...shapeScope, ...defers }, rootType.name, selectionsOf(operation));
  return {
    keys,
    fetch: plan.node && compileNode(plan.node, [], scope),
    shape: compileData({}),
    deferred: hasDefer(plan.node) ? { stages: compileStages(plan.node, scope), shape: compileData({ planLabelOf: labelOf }) } : undefined,
  };
}

/** True for a fetch that takes arguments from the place of its entities (`@fromContext`). */
function takesContext({ contextRewrites = [] }: FetchNode): boolean {
  return contextRewrites.length > 0;
}

function selectionsOf(operation: OperationDefinitionNode) {
  return { selectionSet: operation.selectionSet, condition: [] };
}
