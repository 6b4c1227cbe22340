import type { QueryPlan } from '@apollo/query-planner';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import type { Principal } from '@app/auth';
import type { DocumentNode, ExecutionResult, OperationDefinitionNode } from 'graphql';
import type { SubgraphAnswer } from '../fetch/fetcher.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { SupergraphGeneration } from '../supergraph/supergraph-generation.ts';
import type { DeferredAnswer } from './deferred-answer.ts';
import type { JsonText } from './json-text.ts';

/** One operation that passed every check, ready to be planned and fetched. */
export interface Execution {
  /** What remains to execute after authorization. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Stands for the text of `document` and the operation name: equal keys, equal plans. */
  readonly planKey: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly requestId: string;
  /** Where the request came from. */
  readonly client: { readonly address: string; readonly userAgent: string | undefined };
  /** Aborted when the client's deadline passes or this process must end. */
  readonly signal: AbortSignal;
  /** Takes what the client lets follow the first piece of the answer (`@defer`); absent when it wants one piece. */
  readonly onDeferred?: ((answer: DeferredAnswer) => void) | undefined;
  /** Told of every call to a subgraph. */
  readonly onFetch: (record: FetchRecord) => void;
  /** What was known of writes when the request came; see `FetchContext.asOf`. */
  readonly asOf?: string;
  /** Told of every answer that became part of the result how it may be reused; executors that cannot tell say nothing. */
  readonly onAnswer?: (answer: SubgraphAnswer) => void;
  /** Apollo Server's own view of the request, for the reference executor only; absent when the request went around Apollo Server. */
  readonly requestContext?: GatewayGraphQLRequestContext | undefined;
  /** Takes note of what happens; absent when nobody looks. */
  readonly inspection?: Inspection | undefined;
}

/** What planning needs to know of an execution. Without a signal the wait for the plan has no end of its own. */
export type PlannedOperation = Pick<Execution, 'document' | 'operation' | 'planKey'> & Partial<Pick<Execution, 'signal'>>;

/** What came of an operation. */
export interface ExecutorResult extends Omit<ExecutionResult, 'data'> {
  readonly data?: JsonText | Record<string, unknown> | null;
}

/** Plans and executes operations on one version of the supergraph. */
export interface Executor {
  execute(execution: Execution): Promise<ExecutorResult>;
  /** Resolves once it can plan at once, or never will. Never rejects. Absent: it always can. */
  whenReady?(): Promise<void>;
  /** Plans ahead of the first request; false when there is no plan. Never rejects. Absent: nothing can be prepared. */
  prepare?(operation: PlannedOperation): Promise<boolean>;
  /** The plan by which it would execute. Absent: it cannot tell. */
  planOf?(operation: PlannedOperation): Promise<QueryPlan>;
  /** Lets go of what it holds once nothing executes any more; safe to call twice. */
  stop(): Promise<void>;
}

/** Makes an executor for a supergraph; rejects when the executor cannot serve it. */
export type ExecutorFactory = (supergraph: SupergraphGeneration) => Promise<Executor>;

/** One request to a subgraph, as metrics and logs see it. */
export interface FetchRecord {
  readonly subgraph: string;
  readonly durationMs: number;
  /** `ok`, or the code of what went wrong. */
  readonly outcome: string;
}
