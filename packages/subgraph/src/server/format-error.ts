import { unwrapResolverError } from '@apollo/server/errors';
import { AppError, isErrorCode, toExtensions } from '@app/errors';
import type { Logger } from '@app/observability';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Turns what resolvers threw into errors of the registry: known ones as they are, anything else masked and logged. */
export function errorFormatter(logger: Logger) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const error = unwrapResolverError(thrown);
    const place = { ...(formatted.path && { path: formatted.path }), ...(formatted.locations && { locations: formatted.locations }) };
    if (error instanceof AppError) {
      if (error.cause !== undefined) logger.error({ err: error.cause, code: error.code, path: formatted.path }, error.message);
      return { message: error.message, ...place, extensions: toExtensions(error) };
    }
    const code = formatted.extensions?.['code'];
    if (error instanceof GraphQLError && isErrorCode(code) && code !== 'INTERNAL')
      return { message: formatted.message, ...place, extensions: { code } };
    logger.error({ err: error, path: formatted.path }, 'unexpected error in a resolver');
    return { message: new AppError('INTERNAL').message, ...place, extensions: toExtensions(new AppError('INTERNAL')) };
  };
}
