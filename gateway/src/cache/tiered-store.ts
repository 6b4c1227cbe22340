import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';

/** Something that was cached. */
export interface Entry {
  /** JSON. */
  readonly text: string;
  /** Subgraphs that it was made from, with the generation that each had before it was asked. */
  readonly generations: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly scope: 'public' | 'private';
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
    this.near = new LRUCache({ maxSize: nearBytes, sizeCalculation: ({ text }, key) => text.length + key.length + 200 });
  }

  /** The entries for these keys, in their order. @throws when Redis does not answer. */
  async get(keys: readonly string[]): Promise<readonly (Entry | undefined)[]> {
    const found = keys.map((key) => this.live(this.near.get(key)));
    const missing = keys.filter((_, index) => found[index] === undefined);
    if (missing.length === 0 || this.redis === undefined) return found;
    const texts = await this.redis.mget(missing.map(farKey));
    const far = new Map(missing.map((key, index) => [key, this.live(parseEntry(texts[index]))]));
    for (const [key, entry] of far) if (entry !== undefined) this.near.set(key, entry);
    return keys.map((key, index) => found[index] ?? far.get(key));
  }

  /** Stores without waiting; `onError` is told when Redis did not take it. */
  set(entries: ReadonlyMap<string, Entry>, onError: (error: unknown) => void): void {
    for (const [key, entry] of entries) this.near.set(key, entry);
    if (this.redis === undefined) return;
    const commands = this.redis.pipeline();
    for (const [key, entry] of entries)
      commands.set(farKey(key), JSON.stringify(entry), 'PX', Math.max(1, Math.ceil(entry.expiresAt - this.now())));
    commands.exec().catch(onError);
  }

  private live(entry: Entry | undefined): Entry | undefined {
    return entry !== undefined && entry.expiresAt > this.now() ? entry : undefined;
  }
}

function farKey(key: string): string {
  return `gateway:${createHash('sha256').update(key).digest('base64url')}`;
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
