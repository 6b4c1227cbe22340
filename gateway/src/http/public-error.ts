import { AppError, type ErrorCode, errorCodes, isErrorCode, toExtensions } from '@app/errors';
import { currentRequest } from '@app/observability';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { InvalidDocument } from '../operation/check-operation.ts';

/** What may leave the gateway about an error. */
export interface PublicErrorOptions {
  /** Anonymous callers get the registry's text for documents that do not parse or validate: the detailed one describes the schema. */
  readonly isProduction: boolean;
  /** Told of every error that is our fault or a subgraph's. */
  readonly onFault: (error: unknown) => void;
}

const DESCRIBES_SCHEMA: readonly string[] = ['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED'];
const FAULTS: readonly string[] = ['INTERNAL', 'DOWNSTREAM_UNAVAILABLE'];

/** The one place where errors are translated and masked on their way to a client. */
export function createPublicError(
  options: PublicErrorOptions,
): (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError {
  return (formatted, thrown) => {
    const known = knownError(thrown);
    const code = known?.code ?? codeOf(formatted, thrown);
    if (FAULTS.includes(code)) options.onFault(thrown);
    const request = currentRequest();
    const describesSchema = DESCRIBES_SCHEMA.includes(code) || (code === 'BAD_USER_INPUT' && known !== undefined);
    const isGeneric = options.isProduction && request?.principalId === undefined && describesSchema;
    const message = isGeneric || code === 'INTERNAL' ? errorCodes[code].message : (known?.message ?? messageOf(code, formatted));
    const details = known ? toExtensions(known) : { code, retryable: errorCodes[code].retryable };
    return {
      message,
      ...(formatted.path && { path: formatted.path }),
      ...(formatted.locations && !isGeneric && { locations: formatted.locations }),
      extensions: { ...details, ...(request && { requestId: request.requestId }) },
    };
  };
}

function knownError(thrown: unknown): AppError | undefined {
  if (thrown instanceof AppError) return thrown;
  return thrown instanceof GraphQLError && thrown.originalError instanceof AppError ? thrown.originalError : undefined;
}

function codeOf(formatted: GraphQLFormattedError, thrown: unknown): ErrorCode {
  const code = formatted.extensions?.['code'];
  const status = thrown instanceof GraphQLError ? (thrown.extensions['http'] as { status?: number } | undefined)?.status : undefined;
  if (status === 405) return 'METHOD_NOT_ALLOWED';
  if (status === 415) return 'UNSUPPORTED_MEDIA_TYPE';
  if (code === 'BAD_REQUEST' && formatted.message.includes('(CSRF)')) return 'CSRF_PREVENTED';
  if (code === 'GRAPHQL_PARSE_FAILED' && formatted.message.includes('Parsing aborted')) return 'LIMIT_EXCEEDED';
  if (isErrorCode(code)) return code;
  if (code === 'DOWNSTREAM_SERVICE_ERROR') return 'DOWNSTREAM_UNAVAILABLE';
  return status === 400 ? 'BAD_REQUEST' : 'INTERNAL';
}

/** Faults have the registry's text: theirs may name hosts, statements or people. */
function messageOf(code: ErrorCode, formatted: GraphQLFormattedError): string {
  return FAULTS.includes(code) || code === 'CSRF_PREVENTED' || code === 'METHOD_NOT_ALLOWED' ? errorCodes[code].message : formatted.message;
}

/** A fault as Apollo Server wants to be told: with the HTTP status of the whole answer. */
export function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const known = error instanceof AppError ? error : new AppError('INTERNAL', undefined, { cause: error });
  return new GraphQLError(known.message, { originalError: known, extensions: { code: known.code, http: { status: known.httpStatus } } });
}

/** The same of all that is wrong with a document, one error for each. */
export function toGraphQLErrors(error: unknown): GraphQLError[] {
  if (!(error instanceof InvalidDocument)) return [toGraphQLError(error)];
  const extensions = { code: error.code, http: { status: error.httpStatus } };
  return error.errors.map(({ message, nodes, source, positions }) => new GraphQLError(message, { nodes, source, positions, extensions }));
}

/** An error as Apollo Server hands it to `formatError`: without what is meant for HTTP. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

/** The body of an answer that never reached GraphQL. */
export function errorBody(error: AppError, requestId: string | undefined): string {
  const message = error.code === 'INTERNAL' ? errorCodes.INTERNAL.message : error.message;
  return JSON.stringify({ errors: [{ message, extensions: { ...toExtensions(error), ...(requestId !== undefined && { requestId }) } }] });
}
