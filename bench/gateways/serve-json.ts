import { createServer } from 'node:http';

/** Answers every POST with JSON, with nothing around it. */
export function serveJson(port: number, answer: (body: string) => Promise<string>): void {
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(Buffer.concat(chunks).toString()).then(
        (json) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }).end(json),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }).listen(port, '127.0.0.1');
}

// An orderly end, so that a profile is written.
process.on('SIGINT', () => process.exit(0));
