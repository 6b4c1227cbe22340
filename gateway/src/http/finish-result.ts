import { type ErrorCode, isErrorCode } from '@app/errors';
import { currentRequest } from '@app/observability';
import type { GraphQLFormattedError } from 'graphql';
import { inspectionExtensions } from '../inspect/inspection-extensions.ts';
import type { RequestState } from '../operation/request-state.ts';

/** The parts of an answer that are the same whoever made it. */
export interface FinishedParts {
  errors?: readonly GraphQLFormattedError[] | undefined;
  extensions?: Record<string, unknown> | undefined;
}

/** Adds what the gateway itself has to say about the request, and notes for the log what went wrong. */
export function finishResult(result: FinishedParts, request: RequestState, showsExtensions: boolean): void {
  const { budget, inspection } = request;
  if (inspection !== undefined) result.extensions = { ...result.extensions, ...inspectionExtensions(inspection) };
  if (showsExtensions && budget !== undefined) result.extensions = { ...result.extensions, cost: budget };
  request.errorCodes = result.errors === undefined ? [] : result.errors.map(codeOf);
}

/** Puts the operation's name on every log line of the request from here on. */
export function noteOperation({ operationName }: RequestState): void {
  const current = currentRequest();
  if (current && operationName !== undefined) current.operationName = operationName;
}

function codeOf(error: GraphQLFormattedError): ErrorCode {
  const code = error.extensions?.['code'];
  return isErrorCode(code) ? code : 'INTERNAL';
}
