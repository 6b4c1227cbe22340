import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { AppError } from '@app/errors';
import { refuseDeepJson } from './request-shape.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's body as JSON in UTF-8; undefined when it has none.
 * @throws {AppError} UNSUPPORTED_MEDIA_TYPE before anything is read, PAYLOAD_TOO_LARGE as soon as there is too much, BAD_REQUEST.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const { headers } = request;
  if (!hasBody(headers)) return undefined;
  if (!isUtf8Json(headers['content-type'] ?? '')) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  if (!['', 'identity'].includes(headers['content-encoding'] ?? ''))
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Compressed request bodies are not accepted.');
  const bytes = await readBytes(request, maxBytes);
  const body = jsonOf(bytes);
  refuseDeepJson(body);
  return body;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new AppError('BAD_REQUEST', 'The body is not valid JSON.');
  }
}

function hasBody({ 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding }: IncomingHttpHeaders): boolean {
  return type !== undefined || length !== '0' || encoding !== undefined;
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

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new AppError('PAYLOAD_TOO_LARGE'));
    if (Number(request.headers['content-length']) > maxBytes) return tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) tooLarge();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks, Math.min(size, maxBytes))));
    request.on('error', (cause) => reject(new AppError('BAD_REQUEST', 'The body is shorter than announced.', { cause })));
  });
}
