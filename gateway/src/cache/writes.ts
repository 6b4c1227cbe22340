import { randomUUID } from 'node:crypto';
import { bumpGeneration, concernedTags, type Dependency, readWrites, type WritesReading, type Written } from '@app/cache';
import { type Redis, ReplyError } from 'ioredis';
import { inBatches } from './batched-reads.ts';

/** Knows of writes in subgraphs. */
export interface Writes {
  /**
   * The writes of these subgraphs as they stand, with the tags of these dependencies; a reading may know of more tags.
   * @throws when it cannot be told: nothing may be taken from a cache then.
   */
  read(subgraphs: readonly string[], dependencies: readonly Dependency[]): Promise<ReadonlyMap<string, WritesReading>>;
  /** Counts a write, for subgraphs that do not do so themselves. */
  bump(subgraph: string, written: Written): Promise<void>;
  /** Counts a write of a subgraph that could not do so itself. When that fails, {@link read} fails until it succeeds. Never rejects. */
  forget(subgraph: string): Promise<void>;
}

/** How often Redis is asked whether it takes writes: a replica, or one whose disk is full, answers reads and hears of no write. */
const PROBE_MS = 50;
const PROBE_KEY = 'writes';

/**
 * The writes that subgraphs count in Redis after each commit (decision 005). When this process has lost Redis, or Redis takes no writes, a subgraph
 * may have something to tell and do so later: what was kept before is forgotten before anything is taken from a cache again.
 */
export function redisWrites(redis: Redis, now = () => performance.now()): Writes {
  const known = new Set<string>();
  let doubtful: ReadonlySet<string> = new Set();
  let probedAt = Number.NEGATIVE_INFINITY;
  const doubt = () => {
    doubtful = new Set(known);
  };
  redis.on('close', doubt);

  async function probe(): Promise<void> {
    const startedAt = now();
    if (startedAt - probedAt < PROBE_MS) return;
    try {
      await redis.persist(PROBE_KEY);
      probedAt = startedAt;
    } catch (error) {
      // One that was only slow has taken them by the time that it answers again.
      if (error instanceof ReplyError) doubt();
      throw error;
    }
  }

  async function forgetDoubtful(): Promise<void> {
    const forgotten = doubtful;
    await Promise.all(Array.from(forgotten, (subgraph) => bumpGeneration(redis, subgraph)));
    if (doubtful === forgotten) doubtful = new Set();
  }

  const read = inBatches(async (query) => {
    for (const subgraph of query.keys()) known.add(subgraph);
    while (doubtful.size > 0) await forgetDoubtful();
    const [readings] = await Promise.all([readWrites(redis, query), probe()]);
    return readings;
  });
  return {
    read,
    bump: (subgraph, written) => bumpGeneration(redis, subgraph, written),
    forget: async (subgraph) => {
      known.add(subgraph);
      doubtful = new Set([...doubtful, subgraph]);
      await read([subgraph], []).catch(() => undefined);
    },
  };
}

/** Without Redis nobody tells of writes but who calls this process: what is cached lives as long as its subgraph said. */
export function localWrites(): Writes {
  const histories = new Map<string, History>();
  const historyOf = (subgraph: string): History => {
    const known = histories.get(subgraph) ?? newHistory();
    histories.set(subgraph, known);
    return known;
  };
  const bump: Writes['bump'] = (subgraph, written) => {
    const { includesUntagged = true } = written;
    const tags = concernedTags(written);
    const known = historyOf(subgraph);
    const before = tags.length === 0 || known.tagsAt.size > MAX_TAGS ? newHistory() : known;
    const count = before.count + 1;
    for (const tag of tags) before.tagsAt.set(tag, count);
    histories.set(subgraph, { ...before, count, untaggedAt: includesUntagged ? count : before.untaggedAt });
    return Promise.resolve();
  };
  return {
    read: async (subgraphs) => new Map(subgraphs.map((subgraph) => [subgraph, historyOf(subgraph)])),
    bump,
    forget: (subgraph) => bump(subgraph, {}),
  };
}

const MAX_TAGS = 100_000;

/** A reading that stays as it is, but for tags: who looks at one later learns of later writes, never of fewer. */
interface History extends WritesReading {
  readonly tagsAt: LastWrites;
}

/** Counts by tag. All writes are known: where there is no count, there was none. */
class LastWrites extends Map<string, number> {
  override get(tag: string): number {
    return super.get(tag) ?? 0;
  }
}

function newHistory(): History {
  return { epoch: randomUUID(), count: 0, untaggedAt: 0, tagsAt: new LastWrites() };
}
