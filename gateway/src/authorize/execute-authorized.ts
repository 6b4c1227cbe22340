import { errorCodes } from '@app/errors';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Decision } from '../operation/request-state.ts';
import { compileCompletion, marksOnly } from './complete-result.ts';

/** Executes what authorization left of an operation and completes the answer with nulls and errors for the rest. */
export async function executeFiltered(
  { filtered }: Extract<Decision, { kind: 'filtered' }>,
  schema: GraphQLSchema,
  run: { readonly variables: Readonly<Record<string, unknown>>; readonly execute: () => Promise<ExecutionResult> },
): Promise<ExecutionResult> {
  const result: ExecutionResult = filtered.hasRest ? await run.execute() : { data: marksOnly(filtered, run.variables) };
  const complete = compileCompletion(schema, filtered);
  const errors = [...(result.errors ?? []), ...filtered.removed.map(denial)];
  return { ...result, errors, ...(result.data !== undefined && { data: complete(result.data) }) };
}

function denial(path: readonly string[]): GraphQLError {
  return new GraphQLError(errorCodes.UNAUTHORIZED_FIELD_OR_TYPE.message, { path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
}
