import { createHash } from 'node:crypto';
import type { Dependency } from '@app/cache';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { CacheScope } from './cache-policy.ts';

/** Something that was cached. Times are milliseconds since 1970. */
export interface Entry {
  /** JSON. */
  readonly text: string;
  /** What it was made from: it may be used while none of it was written to. */
  readonly dependencies: readonly Dependency[];
  readonly freshUntil: number;
  /** Not before `freshUntil`: until when it may be used while it is asked for anew. */
  readonly staleUntil: number;
  /** Not before `freshUntil`: until when it may be used when its subgraph is away. */
  readonly spareUntil: number;
  readonly scope: CacheScope;
}

/** Entries in this process, and behind it in Redis, if there is one, for all processes. Whether an entry is still true is for its user to check. */
export class TieredStore {
  private readonly near: LRUCache<string, Entry>;
  private readonly redis: Redis | undefined;
  private readonly now: () => number;

  /** Keeps up to about `nearBytes` in the process. */
  constructor(redis: Redis | undefined, nearBytes: number, now: () => number = Date.now) {
    this.redis = redis;
    this.now = now;
    this.near = new LRUCache({ maxSize: nearBytes, sizeCalculation: bytesOf });
  }

  /** What this process has for these keys, in their order. */
  getNear(keys: readonly string[]): (Entry | undefined)[] {
    return keys.map((key) => this.live(this.near.get(key)));
  }

  /** What Redis has for these keys, in their order; from then on this process has it too. @throws when Redis does not answer. */
  async getFar(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    if (keys.length === 0 || this.redis === undefined) return keys.map(() => undefined);
    const texts = await this.redis.mget(keys.map(farKey));
    return keys.map((key, index) => {
      const entry = this.live(parseEntry(texts[index]));
      if (entry !== undefined) this.near.set(key, entry);
      return entry;
    });
  }

  /** Stores without waiting; `onError` is told when Redis did not take it. */
  set(entries: ReadonlyMap<string, Entry>, onError: (error: unknown) => void): void {
    for (const [key, entry] of entries) this.near.set(key, entry);
    if (this.redis === undefined) return;
    const commands = this.redis.pipeline();
    for (const [key, entry] of entries)
      commands.set(farKey(key), JSON.stringify(entry), 'PX', Math.max(1, Math.ceil(endOf(entry) - this.now())));
    commands.exec().catch(onError);
  }

  private live(entry: Entry | undefined): Entry | undefined {
    return entry !== undefined && endOf(entry) > this.now() ? entry : undefined;
  }
}

const BYTES_PER_ENTRY = 400;
/** Besides its characters. */
const BYTES_PER_TAG = 40;

/** About the memory of an entry. Twice the text: of whole answers the bytes are kept beside it. */
function bytesOf({ text, dependencies }: Entry, key: string): number {
  let bytes = BYTES_PER_ENTRY + Buffer.byteLength(key) + 2 * Buffer.byteLength(text);
  for (const { tags } of dependencies) for (const tag of tags) bytes += BYTES_PER_TAG + tag.length;
  return bytes;
}

function endOf({ staleUntil, spareUntil }: Entry): number {
  return Math.max(staleUntil, spareUntil);
}

function farKey(key: string): string {
  return `gateway:2:${createHash('sha256').update(key).digest('base64url')}`;
}

/** Nothing but gateways writes these keys; what does not read as an entry is none. */
function parseEntry(text: string | null | undefined): Entry | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    return JSON.parse(text) as Entry;
  } catch {
    return undefined;
  }
}
