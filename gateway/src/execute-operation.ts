import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { executeRest } from './authorize/execute-authorized.ts';
import { toGraphQLError } from './http/public-error.ts';
import { checkedOf, type OperationState } from './operation/request-state.ts';
import type { DeferredAnswer } from './schema/deferred-answer.ts';
import type { Execution, ExecutorResult } from './schema/executor.ts';

/** Executes what the stages let through. What fails as a whole, such as planning, is thrown with the HTTP status of its code. */
export async function executeOperation(
  state: OperationState | undefined,
  requestContext: GatewayGraphQLRequestContext,
): Promise<ExecutorResult> {
  try {
    return await execute(state, requestContext);
  } catch (error) {
    throw toGraphQLError(error);
  }
}

/** An operation that nobody authorized is a mistake of ours and is not executed. */
async function execute(state: OperationState | undefined, requestContext: GatewayGraphQLRequestContext): Promise<ExecutorResult> {
  if (state === undefined) throw new Error('the operation did not pass the pipeline');
  const { decision, generation, request, variables } = state;
  const checked = checkedOf(state);
  const onDeferred = (answer: DeferredAnswer) => {
    request.deferred = answer;
  };
  const run = (parts: Pick<Execution, 'document' | 'operation' | 'planKey' | 'onDeferred'>) =>
    generation.executor.execute({
      ...parts,
      variables,
      requestContext,
      principal: request.principal,
      requestId: request.requestId,
      client: request.client,
      signal: request.signal,
      onFetch: (record) => request.fetches.push(record),
    });
  switch (decision?.kind) {
    case 'allowed':
      return run({
        document: checked.document,
        operation: checked.operation,
        planKey: checked.key,
        onDeferred: request.takesParts ? onDeferred : undefined,
      });
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
