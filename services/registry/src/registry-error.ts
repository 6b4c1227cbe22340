import { UsageError } from '@app/schema-registry';

/** What the registry answers when it does not do what was asked, with the HTTP status. */
export const registryErrors = {
  NOT_JSON: 400,
  WRONG_FIELD: 400,
  WRONG_HASH: 400,
  NOT_GZIP: 400,
  NOT_A_REPORT: 400,
  TOKEN_MISSING: 401,
  TOKEN_UNKNOWN: 401,
  RIGHT_MISSING: 403,
  NOT_FOUND: 404,
  UNKNOWN_GRAPH: 404,
  UNKNOWN_VERSION: 404,
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_BODY: 415,
  DOES_NOT_COMPOSE: 422,
  RATE_LIMITED: 429,
  BUSY: 503,
  TOO_SLOW: 503,
  DATABASE_AWAY: 503,
  INTERNAL: 500,
} as const;

/** A code of the registry service. */
export type RegistryErrorCode = keyof typeof registryErrors;

/** The registry does not do what was asked. The message says what to do and is safe for anybody to read. */
export class RegistryError extends UsageError {
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message);
    this.code = code;
    if (options?.cause !== undefined) this.cause = options.cause;
  }

  get httpStatus(): number {
    return registryErrors[this.code];
  }
}
