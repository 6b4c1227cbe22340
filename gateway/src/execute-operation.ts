import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { OperationTypeNode } from 'graphql';
import { executeRest } from './authorize/execute-authorized.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import { executeInspected, inspectionOf } from './execute-inspected.ts';
import type { SubgraphAnswer } from './fetch/fetcher.ts';
import { toGraphQLError } from './http/public-error.ts';
import type { Inspection } from './inspect/inspection.ts';
import { checkedOf, type OperationState } from './operation/request-state.ts';
import type { DeferredAnswer } from './schema/deferred-answer.ts';
import type { Execution, ExecutorResult } from './schema/executor.ts';
import { JsonText } from './schema/json-text.ts';

/** What operations are executed with. */
export interface ExecuteOptions {
  /** Of a request that came through Apollo Server. */
  readonly requestContext?: GatewayGraphQLRequestContext | undefined;
  /** Undefined: every answer is made anew. */
  readonly responses: ResponseCache | undefined;
}

/** Executes what the stages let through. What fails as a whole, such as planning, is thrown with the HTTP status of its code. */
export async function executeOperation(state: OperationState | undefined, options: ExecuteOptions): Promise<ExecutorResult> {
  try {
    return await execute(state, options);
  } catch (error) {
    throw toGraphQLError(error);
  }
}

/** An operation that nobody authorized is a mistake of ours and is not executed. */
function execute(state: OperationState | undefined, { responses, requestContext }: ExecuteOptions): Promise<ExecutorResult> {
  if (state === undefined) throw new Error('the operation did not pass the pipeline');
  const inspection = inspectionOf(state, requestContext);
  const execute = () => decided(state, { responses, requestContext, inspection });
  return inspection === undefined ? execute() : executeInspected(state, { inspection, requestContext, execute });
}

/** Runs what authorization left of an operation. */
function decided(state: OperationState, { responses, requestContext, inspection }: DecidedOptions): Promise<ExecutorResult> {
  const { decision, generation, request, variables } = state;
  const checked = checkedOf(state);
  const onDeferred = (answer: DeferredAnswer) => {
    request.deferred = answer;
  };
  const run = (parts: Pick<Execution, 'document' | 'operation' | 'planKey' | 'onDeferred' | 'onAnswer' | 'asOf'>) =>
    generation.executor.execute({
      ...parts,
      variables,
      requestContext,
      principal: request.principal,
      requestId: request.requestId,
      client: request.client,
      signal: request.end.signal,
      onFetch: (record) => request.fetches.push(record),
      inspection,
    });
  switch (decision?.kind) {
    case 'allowed':
      return throughCache(responses, state, (parts) =>
        run({
          document: checked.document,
          operation: checked.operation,
          planKey: checked.key,
          onDeferred: request.takesParts ? onDeferred : undefined,
          ...parts,
        }),
      );
    case 'filtered': {
      const { rest } = decision;
      // In one piece: what was taken away is put back as null when all is there.
      const executeIt = () => run({ document: rest.document, operation: rest.filtered.operation, planKey: rest.key });
      return executeRest(rest, { variables: state.coercedVariables ?? {}, execute: executeIt });
    }
    case undefined:
      throw new Error('the operation was not authorized: the stages are in the wrong order');
  }
}

interface DecidedOptions extends ExecuteOptions {
  readonly inspection: Inspection | undefined;
}

type Run = (parts: Pick<Execution, 'onAnswer' | 'asOf'>) => Promise<ExecutorResult>;

/** Answers a query that nothing was taken from out of the cache, or runs it and keeps what may be kept. */
async function throughCache(responses: ResponseCache | undefined, state: OperationState, run: Run): Promise<ExecutorResult> {
  const { generation, request } = state;
  const checked = checkedOf(state);
  if (responses === undefined || checked.operation.operation !== OperationTypeNode.QUERY) return run({});
  const found = await responses.lookUp({
    schemaId: generation.id,
    subgraphs: [...generation.subgraphs.keys()],
    operation: checked,
    variables: state.coercedVariables ?? {},
    principal: request.principal,
  });
  if (found.kind === 'hit') {
    request.isFromCache = true;
    return { data: found.data };
  }
  const answers: SubgraphAnswer[] = [];
  const result = await run({ asOf: found.asOf, onAnswer: (answer) => void answers.push(answer) });
  if (result.data instanceof JsonText && result.errors === undefined && result.extensions === undefined && request.deferred === undefined)
    found.keep(result.data.text, answers);
  return result;
}
