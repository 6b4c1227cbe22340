import { errorCodes } from '@app/errors';
import { GraphQLError } from 'graphql';
import type { ExecutorResult } from '../schema/executor.ts';
import { dataOf } from '../schema/json-text.ts';
import { marksOnly } from './complete-result.ts';
import type { Rest } from './protected-operation.ts';

/** How the rest of an operation is executed. */
export interface RestRun {
  /** With defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly execute: () => Promise<ExecutorResult>;
}

/** Executes what authorization left of an operation and completes the answer with nulls and errors for the rest. */
export async function executeRest({ filtered, complete }: Rest, run: RestRun): Promise<ExecutorResult> {
  const result: ExecutorResult = filtered.hasRest ? await run.execute() : { data: marksOnly(filtered, run.variables) };
  const errors = [...(result.errors ?? []), ...filtered.removed.map(denial)];
  return { ...result, errors, ...(result.data !== undefined && { data: complete(dataOf(result.data)) }) };
}

function denial(path: readonly string[]): GraphQLError {
  return new GraphQLError(errorCodes.UNAUTHORIZED_FIELD_OR_TYPE.message, { path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
}
