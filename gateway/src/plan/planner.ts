import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';

/** What is planned. */
export interface PlanRequest {
  /** Stands for the text of `document` and the operation name: equal keys, equal plans. */
  readonly operationKey: string;
  /** Valid against the API schema. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Plans operations on one generation of the supergraph. */
export interface Planner {
  /**
   * The plan of an operation, cached.
   * @throws {AppError} `TIMEOUT` past the planning deadline; `GRAPHQL_VALIDATION_FAILED` when the planner refuses the operation.
   */
  plan(request: PlanRequest): Promise<QueryPlan>;
  /** Ends the worker; safe to call twice. Plans under way are refused with `SHUTTING_DOWN`. */
  stop(): Promise<void>;
}
