import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { type ErrorCode, errorCodes, isErrorCode } from '@app/errors';

/** One entry of an answer's `errors`, with a code of the closed list (docs/errors.md). */
export interface Fault<Code extends ErrorCode = ErrorCode> {
  readonly code: Code;
  /** Written for people. */
  readonly message: string;
  /** Where in the answer; absent when the whole request was refused. */
  readonly path?: readonly (string | number)[];
  /** True when the same request may succeed later without a change. */
  readonly isRetryable: boolean;
}

/**
 * The faults that an error of Apollo Client carries, in their order; none when nothing of the gateway's arrived
 * ({@link isUnreachable}). A code that this version of the client does not know counts as `INTERNAL`.
 */
export function faultsOf(error: unknown): Fault[] {
  if (CombinedGraphQLErrors.is(error)) return error.errors.map(toFault);
  if (ServerError.is(error)) return errorsOfBody(error.bodyText).map(toFault);
  return [];
}

/** Narrows an error to its first fault with one of these codes. */
export function faultWith<Code extends ErrorCode>(error: unknown, ...codes: readonly Code[]): Fault<Code> | undefined {
  return faultsOf(error).find((fault): fault is Fault<Code> => codes.some((code) => code === fault.code));
}

/** True when no answer of the gateway arrived: no network, nobody listening, or a proxy's own page. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && faultsOf(error).length === 0 && (error instanceof TypeError || ServerError.is(error));
}

interface SentError {
  readonly message?: unknown;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Reads one entry of `errors` as it was sent. */
export function toFault({ message, path, extensions }: SentError): Fault {
  const sent = extensions?.['code'];
  const code = isErrorCode(sent) ? sent : 'INTERNAL';
  return {
    code,
    message: typeof message === 'string' ? message : errorCodes[code].message,
    ...(path !== undefined && { path }),
    isRetryable: errorCodes[code].retryable,
  };
}

function errorsOfBody(text: string): SentError[] {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'errors' in body && Array.isArray(body.errors) ? body.errors : [];
  } catch {
    return [];
  }
}
