import type { Redis } from 'ioredis';
import type { FetchContext, Fetcher } from '../fetch/fetcher.ts';
import { CacheTags } from './cache-tags.ts';
import { cachingFetcher, type LookupResult } from './entity-cache.ts';
import type { StaleDefaults } from './freshness.ts';
import { createResponseCache, type ResponseCache } from './response-cache.ts';
import { taggingFetcher } from './tagging-fetcher.ts';
import { TieredStore } from './tiered-store.ts';
import { forgettingUntold } from './untold-writes.ts';
import { localWrites, redisWrites, type Writes } from './writes.ts';

/** Which caches there are. */
export interface CacheOptions {
  readonly keepsResponses: boolean;
  readonly keepsEntities: boolean;
  /** Memory of each in this process. */
  readonly nearBytes: number;
  readonly stale: StaleDefaults;
  /** Undefined: nothing is shared with other processes, and nothing is forgotten before its time unless this process is told. */
  readonly redis: Redis | undefined;
  /** Told what was looked up, and how much of it. */
  readonly onLookup: (cache: 'response' | 'entity', result: LookupResult, count: number) => void;
}

/** A supergraph, as far as caches go. */
interface CachedGraph {
  readonly id: string;
  readonly sdl: string;
}

/** The gateway's caches, as far as they are wanted. */
export interface Caches {
  readonly responses: ResponseCache | undefined;
  /** Puts what the caches need in front of the subgraphs of a supergraph. */
  readonly inFrontOf: <Context extends FetchContext>(fetcher: Fetcher<Context>, graph: CachedGraph) => Fetcher<Context>;
  readonly writes: Writes;
}

/** Makes the caches; they outlive supergraphs, whose ids are part of every key. */
export function createCaches({ keepsResponses, keepsEntities, nearBytes, stale, redis, onLookup }: CacheOptions): Caches {
  const writes = redis === undefined ? localWrites() : redisWrites(redis);
  const entities = keepsEntities ? new TieredStore(redis, nearBytes) : undefined;
  const onEntities = (result: LookupResult, count: number) => onLookup('entity', result, count);
  return {
    writes,
    responses: keepsResponses
      ? createResponseCache({ writes, store: new TieredStore(redis, nearBytes), onLookup: (result) => onLookup('response', result, 1) })
      : undefined,
    inFrontOf: (fetcher, { id, sdl }) => {
      const inner = keepsEntities || keepsResponses ? forgettingUntold(fetcher, writes) : fetcher;
      if (entities !== undefined)
        return cachingFetcher(inner, { writes, store: entities, schemaId: id, tags: new CacheTags(sdl), stale, onLookup: onEntities });
      return keepsResponses ? taggingFetcher(inner, new CacheTags(sdl)) : inner;
    },
  };
}
