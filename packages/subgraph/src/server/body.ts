import type { IncomingMessage } from 'node:http';
import { AppError } from '@app/errors';

/** Reads a request body of at most `maxBytes`. @throws {AppError} PAYLOAD_TOO_LARGE. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new AppError('PAYLOAD_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
