import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { bumpGeneration, type Written } from './writes.ts';

/** How writes are announced. */
export interface AnnouncedWritesOptions {
  /** Null: nothing is cached, and nobody is told. */
  readonly redis: Redis | null;
  readonly subgraph: string;
  /** Told of each time that Redis did not take it. */
  readonly onError: (error: unknown) => void;
}

/** A writer waits for this long at most; a hiccup of Redis is shorter. */
const PATIENCE_MS = 250;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
/** More tags than this are told as "everything". */
const MAX_OWED_TAGS = 5_000;

/**
 * Tells caches of a subgraph's writes, after each commit and before the writer is answered. What Redis does not take is tried again until it
 * does: entries survive its absence, and would be true again otherwise. At its start, and when it lost Redis, a process owes everything: what it
 * or one before it told may be lost.
 */
export class AnnouncedWrites {
  private readonly options: AnnouncedWritesOptions;
  private readonly ending = new AbortController();
  private readonly oweEverything = () => this.owe({});
  private owed: Written | undefined;
  private paying: Promise<void> | undefined;

  constructor(options: AnnouncedWritesOptions) {
    this.options = options;
    this.owe({});
    options.redis?.on('close', this.oweEverything);
  }

  /** Whether there is something that caches were not told of. What is answered meanwhile must not be kept. */
  get isOwing(): boolean {
    return this.owed !== undefined;
  }

  /** Resolves when caches know of it, or when Redis keeps the writer waiting for too long. Never rejects. */
  async tell(written: Written = {}): Promise<void> {
    const { redis, subgraph, onError } = this.options;
    if (redis === null || this.ending.signal.aborted) return;
    try {
      await bumpGeneration(redis, subgraph, written);
    } catch (error) {
      onError(error);
      this.owe(written);
      await Promise.race([this.paying, sleep(PATIENCE_MS)]);
    }
  }

  /** Ends trying. */
  close(): void {
    this.options.redis?.off('close', this.oweEverything);
    this.ending.abort();
  }

  private owe(written: Written): void {
    this.owed = this.owed === undefined ? written : both(this.owed, written);
    if (this.options.redis !== null) this.paying ??= this.pay(this.options.redis);
  }

  private async pay(redis: Redis): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; this.owed !== undefined; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      await sleep(pauseMs, undefined, { ref: false, signal: this.ending.signal }).catch(() => undefined);
      if (this.ending.signal.aborted) return;
      if (redis.status === 'ready') await this.tryToPay(redis, this.owed);
    }
    // At once: what is owed from here on has somebody to pay it.
    this.paying = undefined;
  }

  private async tryToPay(redis: Redis, owed: Written): Promise<void> {
    try {
      await bumpGeneration(redis, this.options.subgraph, owed);
      if (this.owed === owed) this.owed = undefined;
    } catch (error) {
      this.options.onError(error);
    }
  }
}

/** Two writes as one. */
function both(one: Written, other: Written): Written {
  const [tags, otherTags] = [one.tags ?? [], other.tags ?? []];
  if (tags.length === 0 || otherTags.length === 0) return {};
  const all = new Set([...tags, ...otherTags]);
  if (all.size > MAX_OWED_TAGS) return {};
  return { tags: [...all], includesUntagged: one.includesUntagged !== false || other.includesUntagged !== false };
}
