import { createHash } from 'node:crypto';
import { type ApolloServerPlugin, type BaseContext, type GraphQLRequestContext, type GraphQLResponse, HeaderMap } from '@apollo/server';
import { identityOf, type Principal, rightsOf } from '@app/auth';
import { flag } from '@app/config';
import type { Metrics } from '@app/observability';
import type { Redis } from 'ioredis';
import type { Debtor } from './say-what-is-owed.ts';
import { ANY_TAG, dependencyOf, isUnchanged, type Moment, readWritesOf } from './writes.ts';

/** The variable that every subgraph has for it. */
export const responseCacheShape = {
  SUBGRAPH_CACHE: flag(true).describe('Whether subgraphs keep answers in Redis for as long as their `@cacheControl` lets them.'),
};

/** How a subgraph caches whole answers. */
export interface ResponseCacheOptions<Context extends BaseContext> {
  readonly redis: Redis;
  /** Name of the subgraph and a version of its schema: part of every key. */
  readonly name: string;
  /** Who asks. */
  readonly principalOf: (context: Context) => Principal;
  /** Where lookups are counted. */
  readonly metrics: Metrics;
  /** False: every request is answered by the resolvers. */
  readonly isOn: boolean;
  /** Nothing is looked up or stored while something of it is owed. */
  readonly writes: Debtor;
}

/** What is known when an answer is looked up. */
interface Lookup {
  /** Key for everybody with the same rights. */
  readonly shared: string;
  /** Key for who asks; null: visitors are nobody. */
  readonly personal: string | null;
  /** How far the subgraph's writes had come. */
  readonly moment: Moment;
}

const maxEntryBytes = 1024 * 1024;

/**
 * Caches the answers of queries whose every field allows it by `@cacheControl`, in Redis, for the shortest `maxAge`
 * among them. Answers are kept apart by operation, variables, the caller's rights and, where PRIVATE, by caller. Answers with
 * errors are never stored. The subgraph announces its writes ({@link AnnouncedWrites}): an answer is used only while
 * nothing that it depends on was written to since before it was computed, by the tags that it was sent with, so the
 * writer reads what it wrote. Without Redis every request is answered by the resolvers.
 */
export function responseCache<Context extends BaseContext>(options: ResponseCacheOptions<Context>): ApolloServerPlugin<Context> {
  if (!options.isOn) return {};
  const lookups = options.metrics.counter({
    name: 'subgraph_cache_lookups_total',
    help: 'Answers that were looked up in the response cache, by result.',
    labels: ['result'],
  });
  const report = (result: 'hit' | 'miss' | 'error') => lookups.inc({ result });
  return {
    requestDidStart: () => {
      let missed: Lookup | undefined;
      return Promise.resolve({
        responseForOperation: async (request: GraphQLRequestContext<Context>) => {
          if (request.operation?.operation !== 'query' || options.writes.isOwing) return null;
          try {
            const { found, ...lookup } = await lookUp(options, keysFor(options, request));
            if (!found) missed = lookup;
            report(found ? 'hit' : 'miss');
            return found && answerFrom(found);
          } catch {
            report('error');
            return null;
          }
        },
        willSendResponse: async (request: GraphQLRequestContext<Context>) => {
          const entry = missed && !options.writes.isOwing && entryFor(request, missed);
          if (entry) await options.redis.set(entry.key, entry.text, 'EX', entry.maxAge).catch(() => report('error'));
        },
      });
    },
  };
}

type Keys = Pick<Lookup, 'shared' | 'personal'>;

function keysFor<Context extends BaseContext>(
  { name, principalOf }: ResponseCacheOptions<Context>,
  { queryHash, operationName, request, contextValue }: GraphQLRequestContext<Context>,
): Keys {
  const principal = principalOf(contextValue);
  const keyFor = (owner: string) => {
    const facts = JSON.stringify([queryHash, operationName, request.variables ?? {}, owner]);
    return `response:${name}:${createHash('sha256').update(facts).digest('base64url')}`;
  };
  return { shared: keyFor(rightsOf(principal)), personal: principal.kind === 'anonymous' ? null : keyFor(identityOf(principal)) };
}

interface Stored extends Moment {
  readonly data: Record<string, unknown>;
  /** What the answer was sent with, such as its tags. */
  readonly extensions?: Record<string, unknown> | undefined;
  readonly scope: string;
  readonly expiresAt: number;
}

/** Writes are read while the answer is looked up, and with its tags when it has any. */
async function lookUp<Context extends BaseContext>(
  { redis, name }: Pick<ResponseCacheOptions<Context>, 'redis' | 'name'>,
  keys: Keys,
): Promise<Lookup & { found: Stored | null }> {
  const [texts, moment] = await Promise.all([
    redis.mget(keys.shared, ...(keys.personal === null ? [] : [keys.personal])),
    readWritesOf(redis, name, [ANY_TAG]),
  ]);
  const text = texts.find((value) => value !== null);
  if (text === undefined || text === null) return { ...keys, moment, found: null };
  const stored = JSON.parse(text) as Stored;
  const known = dependencyOf(name, stored, stored.extensions);
  // Who invalidates by hand may name a type: which of them the answer shows is not known here.
  const dependency = { ...known, tags: [...known.tags, ANY_TAG] };
  const reading = known.isUntagged ? moment : await readWritesOf(redis, name, dependency.tags);
  return { ...keys, moment, found: isUnchanged(dependency, new Map([[name, reading]])) ? stored : null };
}

function answerFrom({ data, extensions, scope, expiresAt }: Stored): GraphQLResponse {
  const left = Math.max(0, Math.floor((expiresAt - Date.now()) / 1000));
  const headers = new HeaderMap([['cache-control', `max-age=${left}, ${scope.toLowerCase()}`]]);
  return { body: { kind: 'single', singleResult: { data, ...(extensions && { extensions }) } }, http: { headers } };
}

function entryFor<Context extends BaseContext>(
  { response, overallCachePolicy }: GraphQLRequestContext<Context>,
  { shared, personal, moment: { epoch, count } }: Lookup,
) {
  const policy = overallCachePolicy?.policyIfCacheable();
  const body = response?.body;
  if (!policy || body?.kind !== 'single') return undefined;
  const { data, errors, extensions } = body.singleResult;
  const key = policy.scope === 'PRIVATE' ? personal : shared;
  if (errors || !data || key === null) return undefined;
  const expiresAt = Date.now() + policy.maxAge * 1000;
  const text = JSON.stringify({ data, extensions, scope: policy.scope, expiresAt, epoch, count } satisfies Stored);
  return text.length > maxEntryBytes ? undefined : { key, text, maxAge: Math.ceil(policy.maxAge) };
}
