import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@app/errors';

const SPECIAL_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight'];

/**
 * Threat: a foreign page makes the browser send a request with the user's cookies. A browser asks first (preflight) unless the request is
 * "simple"; so requests that could be simple, those without a JSON content type, must carry a header that a simple request cannot have.
 */
export function preventCsrf(headers: IncomingHttpHeaders): void {
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return;
  if (SPECIAL_HEADERS.some((name) => (headers[name] ?? '') !== '')) return;
  throw new AppError('CSRF_PREVENTED');
}
