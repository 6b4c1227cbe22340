import type { FastifyRequest } from 'fastify';
import { RegistryError } from '../registry-error.ts';
import { authenticate, tokenOf } from './authenticate.ts';
import type { Parts } from './parts.ts';

/** Who looks at pages: the holder of a token, or anybody where pages are open. */
export type Visitor = { readonly kind: 'token'; readonly graph: string } | { readonly kind: 'anybody' };

const loopback = /^(localhost|127\.0\.0\.1|\[::1\]|::1)$/;

/**
 * Lets a visitor in. A token is asked for as the password of HTTP's basic authentication, which browsers bring along.
 * @throws {RegistryError} `TOKEN_MISSING` and its like.
 */
export async function admit(parts: Parts, request: FastifyRequest): Promise<Visitor> {
  const { REGISTRY_OPEN_PAGES, REGISTRY_HOST } = parts.config;
  if (REGISTRY_OPEN_PAGES) {
    // A page from elsewhere that has its own name resolved to this machine (DNS rebinding) would read everything with the visitor's browser.
    if (loopback.test(REGISTRY_HOST) && !loopback.test(request.hostname))
      throw new RegistryError('NOT_FOUND', 'These pages are for this machine only: open them as http://localhost.');
    return { kind: 'anybody' };
  }
  const { graph } = await authenticate(parts.pool, tokenOf(request), 'read');
  return { kind: 'token', graph };
}

/** Whether an answer should be a page: somebody is looking with a browser. */
export function wantsPage({ method, headers, url }: FastifyRequest): boolean {
  return method === 'GET' && /^\/(graphs\/|\?|$)/.test(url) && (headers.accept ?? '').includes('text/html');
}
