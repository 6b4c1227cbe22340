import type { IncomingHttpHeaders } from 'node:http';
import { MIMEType } from 'node:util';
import { AppError } from '@app/errors';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads a request body as JSON in UTF-8. @throws {AppError} UNSUPPORTED_MEDIA_TYPE or BAD_REQUEST. */
export function parseJsonBody(headers: IncomingHttpHeaders, body: Buffer): unknown {
  if (!isUtf8Json(headers['content-type'] ?? '')) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  if (!['', 'identity'].includes(headers['content-encoding'] ?? ''))
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Compressed request bodies are not accepted.');
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    throw new AppError('BAD_REQUEST', 'The body is not valid JSON.');
  }
}

function isUtf8Json(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  try {
    const type = new MIMEType(contentType);
    return type.essence === 'application/json' && /^utf-?8$/i.test(type.params.get('charset') ?? 'utf-8');
  } catch {
    return false;
  }
}
