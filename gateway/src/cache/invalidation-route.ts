import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@app/errors';
import { z } from 'zod';
import { errorBody } from '../http/public-error.ts';
import type { Writes } from './writes.ts';

/** What is to be forgotten, as Apollo Router's invalidation endpoint takes it. */
const invalidations = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('subgraph'), subgraph: z.string().min(1) }),
      z.strictObject({ kind: z.literal('type'), subgraph: z.string().min(1), type: z.string().min(1).max(256) }),
      z.strictObject({
        kind: z.literal('cache_tag'),
        subgraphs: z.array(z.string().min(1)).min(1).max(100),
        cache_tag: z.string().min(1).max(1_024),
      }),
    ]),
  )
  .min(1)
  .max(100);

/** Options of {@link invalidationRoute}. */
export interface InvalidationRouteOptions {
  readonly writes: Pick<Writes, 'bump'>;
  /** What callers have to send in `Authorization`. */
  readonly key: string;
  /** Names of the subgraphs that are served now. */
  readonly subgraphs: () => ReadonlySet<string>;
}

const PATH = '/invalidation';
const MAX_BODY_BYTES = 64 * 1024;

/**
 * `POST /invalidation` forgets what was cached: of a subgraph, of a type, or with a tag. From the next request on, in all gateways that share
 * the Redis. Answers 202 with how many invalidations were made. For the port of operations, not for the public.
 */
export function invalidationRoute({ writes, key, subgraphs }: InvalidationRouteOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.url?.split('?', 1)[0] !== PATH) return false;
    try {
      if (request.method !== 'POST') throw new AppError('METHOD_NOT_ALLOWED');
      if (!isSame(request.headers.authorization ?? '', key)) throw new AppError('UNAUTHENTICATED');
      const bumps = bumpsOf(await readBody(request), subgraphs());
      await Promise.all(bumps.map(({ subgraph, tags }) => writes.bump(subgraph, { tags, includesUntagged: false })));
      send(response, 202, JSON.stringify({ count: bumps.length }));
    } catch (error) {
      const known = error instanceof AppError ? error : new AppError('INTERNAL', undefined, { cause: error });
      send(response, known.httpStatus, errorBody(known, undefined));
    }
    return true;
  };
}

interface Bump {
  readonly subgraph: string;
  /** None: all of it. */
  readonly tags: readonly string[];
}

function bumpsOf(text: string, served: ReadonlySet<string>): Bump[] {
  const parsed = invalidations.safeParse(jsonOf(text));
  if (!parsed.success) throw new AppError('BAD_USER_INPUT', z.prettifyError(parsed.error));
  const bumps = parsed.data.flatMap(toBumps);
  const unknown = bumps.find(({ subgraph }) => !served.has(subgraph));
  if (unknown !== undefined)
    throw new AppError('BAD_USER_INPUT', `There is no subgraph ${unknown.subgraph}: there are ${[...served].join(', ')}.`);
  return bumps;
}

function toBumps(invalidation: z.infer<typeof invalidations>[number]): Bump[] {
  switch (invalidation.kind) {
    case 'subgraph':
      return [{ subgraph: invalidation.subgraph, tags: [] }];
    case 'type':
      return [{ subgraph: invalidation.subgraph, tags: [`type:${invalidation.type}`] }];
    case 'cache_tag':
      return invalidation.subgraphs.map((subgraph) => ({ subgraph, tags: [invalidation.cache_tag] }));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The body is not valid JSON.', { cause });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new AppError('PAYLOAD_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Takes the same time however much of the key is right. */
function isSame(given: string, key: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', key, 'buffer'));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}
