import type { Redis } from 'ioredis';
import type { FetchContext, Fetcher } from '../fetch/fetcher.ts';
import { cachingFetcher } from './entity-cache.ts';
import { type Generations, localGenerations, redisGenerations } from './generations.ts';
import { createResponseCache, type ResponseCache } from './response-cache.ts';
import { TieredStore } from './tiered-store.ts';

/** Which caches there are. */
export interface CacheOptions {
  readonly keepsResponses: boolean;
  readonly keepsEntities: boolean;
  /** Memory of each in this process. */
  readonly nearBytes: number;
  /** Undefined: nothing is shared with other processes, and nothing is forgotten before its time. */
  readonly redis: Redis | undefined;
  /** Told what was looked up, and how much of it. */
  readonly onLookup: (cache: 'response' | 'entity', result: 'hit' | 'miss' | 'error', count: number) => void;
}

/** The gateway's caches, as far as they are wanted. */
export interface Caches {
  readonly responses: ResponseCache | undefined;
  /** Puts the entity cache in front of the subgraphs of a supergraph. */
  readonly entities: (<Context extends FetchContext>(fetcher: Fetcher<Context>, schemaId: string) => Fetcher<Context>) | undefined;
}

/** Makes the caches; they outlive supergraphs, whose ids are part of every key. */
export function createCaches({ keepsResponses, keepsEntities, nearBytes, redis, onLookup }: CacheOptions): Caches {
  const generations: Generations = redis === undefined ? localGenerations() : redisGenerations(redis);
  const entityStore = keepsEntities ? new TieredStore(redis, nearBytes) : undefined;
  return {
    responses: keepsResponses
      ? createResponseCache({
          store: new TieredStore(redis, nearBytes),
          generations,
          onLookup: (result) => onLookup('response', result, 1),
        })
      : undefined,
    entities:
      entityStore &&
      ((fetcher, schemaId) =>
        cachingFetcher(fetcher, {
          store: entityStore,
          generations,
          schemaId,
          onLookup: (result, count) => onLookup('entity', result, count),
        })),
  };
}
