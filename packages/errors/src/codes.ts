/** What one error code means to a client: HTTP status when it fails the whole request, text for people, whether to retry. */
export interface ErrorCodeEntry {
  /** HTTP status when the error is the answer to the whole request. */
  readonly httpStatus: number;
  /** Shown when a fault is masked; safe for anyone to read. */
  readonly message: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
}

/** The closed list of codes that reach clients in `errors[].extensions.code`. Documented in docs/errors.md, held to it by a test. */
export const errorCodes = {
  UNAUTHENTICATED: entry(401, 'Sign in: this request needs a valid access token.'),
  FORBIDDEN: entry(403, 'You are not allowed to do this.'),
  UNAUTHORIZED_FIELD_OR_TYPE: entry(200, 'Unauthorized field or type.'),
  BAD_REQUEST: entry(400, 'The request is malformed.'),
  BAD_USER_INPUT: entry(400, 'An argument or variable is not acceptable.'),
  GRAPHQL_PARSE_FAILED: entry(400, 'The document is not valid GraphQL.'),
  GRAPHQL_VALIDATION_FAILED: entry(400, 'The document does not fit the schema.'),
  OPERATION_RESOLUTION_FAILURE: entry(400, 'The document has no operation of that name.'),
  METHOD_NOT_ALLOWED: entry(405, 'This method is not allowed here.'),
  UNSUPPORTED_MEDIA_TYPE: entry(415, 'Send JSON in UTF-8 (content-type: application/json).'),
  NOT_FOUND: entry(404, 'There is nothing at this address.'),
  PAYLOAD_TOO_LARGE: entry(413, 'The request is too large.'),
  LIMIT_EXCEEDED: entry(400, 'The operation exceeds a limit of this gateway.'),
  COST_EXCEEDED: entry(400, 'The operation costs more than is allowed.'),
  RATE_LIMITED: entry(429, 'Too many requests: wait and try again.', true),
  CSRF_PREVENTED: entry(400, 'Blocked as a possible cross-site request: send a content-type or the header apollo-require-preflight.'),
  PERSISTED_QUERY_NOT_FOUND: entry(200, 'PersistedQueryNotFound', true),
  PERSISTED_QUERY_NOT_SUPPORTED: entry(200, 'PersistedQueryNotSupported'),
  PERSISTED_QUERY_REQUIRED: entry(400, 'Only registered operations are accepted here.'),
  DOWNSTREAM_UNAVAILABLE: entry(503, 'Part of the answer is not available right now.', true),
  TIMEOUT: entry(504, 'This took too long.', true),
  OVERLOADED: entry(503, 'There is too much to do right now: wait and try again.', true),
  SHUTTING_DOWN: entry(503, 'This instance is shutting down: try again.', true),
  INTERNAL: entry(500, 'Something went wrong on our side.', true),
} as const satisfies Record<string, ErrorCodeEntry>;

/** A code of the registry. */
export type ErrorCode = keyof typeof errorCodes;

/** True when the value is a code of the registry: what a subgraph or library sent may not be. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}

function entry(httpStatus: number, message: string, retryable = false): ErrorCodeEntry {
  return { httpStatus, message, retryable };
}
