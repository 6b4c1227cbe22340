import { ApolloLink } from '@apollo/client/link';
import { OperationTypeNode } from 'graphql';
import { defer, map, type Observable, of, retry, throwError, timer } from 'rxjs';
import { catchError } from 'rxjs/operators';
import { isUnreachable, toFault } from './faults.ts';

/** How often and when to try again. */
export interface RetryOptions {
  /** Tries after the first; 0 for none. Default 3. */
  readonly retries?: number;
  /** Milliseconds before the first of them, doubled each time, up to half of it taken off at random. Default 200. */
  readonly firstDelayMs?: number;
  /** Between 0 and 1; for tests. */
  readonly random?: () => number;
}

/** An answer that is worth another try travels as an error until nobody tries any more. */
class PassingFault extends Error {
  override readonly name = 'PassingFault';
  readonly result: ApolloLink.Result;

  constructor(result: ApolloLink.Result) {
    super('the answer may be another one later');
    this.result = result;
  }
}

/**
 * Tries again what can be tried again: queries, and mutations with an idempotency key, when the gateway was not
 * reached or answered without data and says that the same request may succeed later. Anything else is sent once.
 */
export function retryLink({ retries = 3, firstDelayMs = 200, random = Math.random }: RetryOptions = {}): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (!isIdempotent(operation)) return forward(operation);
    const delay = (error: unknown, count: number): Observable<unknown> =>
      isPassing(error) ? timer(firstDelayMs * 2 ** (count - 1) * (1 - random() / 2)) : throwError(() => error);
    return defer(() => forward(operation)).pipe(
      map(throwWhenPassing),
      retry({ count: retries, delay }),
      catchError((error: unknown) => (error instanceof PassingFault ? of(error.result) : throwError(() => error))),
    );
  });
}

/** Whether sending an operation twice does the same as sending it once. */
export function isIdempotent({ operationType, variables }: Pick<ApolloLink.Operation, 'operationType' | 'variables'>): boolean {
  if (operationType === OperationTypeNode.QUERY) return true;
  return operationType === OperationTypeNode.MUTATION && [variables, variables['input']].some(hasKey);
}

function hasKey(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'idempotencyKey' in value && typeof value.idempotencyKey === 'string';
}

function throwWhenPassing(result: ApolloLink.Result): ApolloLink.Result {
  const hasNothing = result.data === null || result.data === undefined;
  if (hasNothing && (result.errors ?? []).some((error) => toFault(error).isRetryable)) throw new PassingFault(result);
  return result;
}

function isPassing(error: unknown): boolean {
  return error instanceof PassingFault || isUnreachable(error);
}
