import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type NewestSupergraph, newestSupergraph, supergraphText } from '../data/newest-supergraph.ts';
import { graphRef } from '../domain/graph-ref.ts';
import { RegistryError } from '../registry-error.ts';
import { authenticate, tokenOf } from './authenticate.ts';
import type { Parts } from './parts.ts';

/**
 * `GET /supergraph/:graph`: the newest supergraph with its hash as ETag. With `If-None-Match` and `Prefer: wait=N` (RFC 7240) or `?wait=N` the
 * answer is held back until there is another one, at most N seconds: then 304.
 */
export function supergraphRoute(app: FastifyInstance, parts: Parts): void {
  app.get<{ Params: { graph: string }; Querystring: { wait?: string } }>('/supergraph/:graph', async (request, reply) => {
    const graph = graphRef(request.params.graph);
    const caller = await authenticate(parts.pool, tokenOf(request), 'read');
    if (caller.graph !== graph)
      throw new RegistryError(
        'RIGHT_MISSING',
        `Token ${caller.tokenName} is for ${caller.graph}: ask for that graph, or use a token of ${graph}.`,
      );
    const known = etagsOf(request);
    const seconds = waitOf(request, parts.config.LONG_POLL_MAX_SECONDS);
    const newest = await newestUnless(parts, {
      graph,
      known,
      seconds,
      gone: ended(reply),
    });
    if (!newest) throw new RegistryError('UNKNOWN_VERSION', `Nothing was published to ${graph} yet: use publish.`);
    reply.header('etag', `"${newest.hash}"`).header('x-supergraph-version', newest.number).header('cache-control', 'no-cache');
    if (known.includes(newest.hash)) return reply.code(304).send();
    return reply.type('text/plain; charset=utf-8').send(await supergraphText(parts.pool, newest.hash));
  });
}

interface Wait {
  readonly graph: string;
  readonly known: readonly string[];
  readonly seconds: number;
  /** Aborted when the client has gone: nobody waits for nobody. */
  readonly gone: AbortSignal;
}

/** The newest supergraph, once it is not one of those that are known or the time is up. */
async function newestUnless({ pool, publications }: Parts, { graph, known, seconds, gone }: Wait): Promise<NewestSupergraph | undefined> {
  const timeUp = AbortSignal.any([AbortSignal.timeout(seconds * 1_000), gone]);
  for (;;) {
    // Subscribed before looking: what is published in between is not missed.
    const { promise, resolve } = Promise.withResolvers<void>();
    const unsubscribe = publications.onNext(graph, resolve);
    timeUp.addEventListener('abort', () => resolve(), { once: true });
    try {
      const newest = await newestSupergraph(pool, graph);
      if (timeUp.aborted || publications.hasStopped || publications.isCrowded || seconds === 0 || (newest && !known.includes(newest.hash)))
        return newest;
      if (known.length === 0) return newest;
      await promise;
    } finally {
      unsubscribe();
    }
  }
}

/** Aborted when the answer has been sent or the client has gone. */
function ended(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

function etagsOf({ headers }: FastifyRequest): string[] {
  return [...(headers['if-none-match'] ?? '').matchAll(/"([0-9a-f]{64})"/g)].map(([, hash = '']) => hash);
}

function waitOf({ headers, query }: FastifyRequest, max: number): number {
  const prefer = headers['prefer'];
  const text = (query as { wait?: string }).wait ?? /\bwait=(\d+)/.exec(String(prefer ?? ''))?.[1] ?? '0';
  if (!/^\d{1,6}$/.test(text)) throw new RegistryError('WRONG_FIELD', `wait is "${text.slice(0, 20)}": allowed is a number of seconds.`);
  return Math.min(Number(text), max);
}
