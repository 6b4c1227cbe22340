import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PublicJwk } from './data/signing-keys.ts';

/** Answers with the public keys (RFC 7517), for whoever verifies our tokens. */
export function keySetRoute(keys: () => readonly PublicJwk[]): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    // Five minutes: a key is published for longer than that before it signs.
    response.writeHead(200, { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' });
    response.end(JSON.stringify({ keys: keys() }));
  };
}
