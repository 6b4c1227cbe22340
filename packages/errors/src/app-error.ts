import { type ErrorCode, errorCodes } from './codes.ts';

/** Options of an {@link AppError}. */
export interface AppErrorOptions {
  /** What made it fail; logged, never sent to clients. */
  readonly cause?: unknown;
  /** Facts for the client, merged into `extensions`. JSON values only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A fault with a code of the registry. Its message is written for the client; whatever is private goes into `cause`. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string = errorCodes[code].message, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  /** HTTP status when this error answers the whole request. */
  get httpStatus(): number {
    return errorCodes[this.code].httpStatus;
  }

  /** True when the same request may succeed later without a change. */
  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** The `extensions` of a GraphQL error for this fault: code, retryable and details. */
export function toExtensions(error: AppError): Record<string, unknown> {
  return { ...error.details, code: error.code, retryable: error.retryable };
}
