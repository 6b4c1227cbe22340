import { randomUUID } from 'node:crypto';
import { bumpGeneration, readWrites, type WritesQuery, type WritesReading, type Written } from '@app/cache';
import type { Redis } from 'ioredis';
import { inBatches } from './batched-reads.ts';

/** Knows of writes in subgraphs. */
export interface Writes {
  /** By subgraph; a reading may know of more tags than were asked for. @throws when it cannot be told: nothing may be taken from a cache then. */
  read(query: WritesQuery): Promise<ReadonlyMap<string, WritesReading>>;
  /** Counts a write, for subgraphs that do not do so themselves. */
  bump(subgraph: string, written: Written): Promise<void>;
}

/** The writes that subgraphs count in Redis after each commit (decision 005). */
export function redisWrites(redis: Redis): Writes {
  return {
    read: inBatches((query) => readWrites(redis, query)),
    bump: (subgraph, written) => bumpGeneration(redis, subgraph, written),
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
  return {
    read: (query) =>
      Promise.resolve(
        new Map(
          Array.from(query, ([subgraph, tags]) => {
            const { epoch, count, untaggedAt, tags: all } = historyOf(subgraph);
            return [subgraph, { epoch, count, untaggedAt, tagsAt: new Map(Array.from(tags, (tag) => [tag, all.get(tag) ?? 0])) }];
          }),
        ),
      ),
    bump: (subgraph, { tags = [], includesUntagged = true }) => {
      const history = tags.length === 0 || historyOf(subgraph).tags.size > MAX_TAGS ? newHistory() : historyOf(subgraph);
      history.count += 1;
      if (includesUntagged) history.untaggedAt = history.count;
      for (const tag of tags) history.tags.set(tag, history.count);
      histories.set(subgraph, history);
      return Promise.resolve();
    },
  };
}

const MAX_TAGS = 100_000;

interface History {
  readonly epoch: string;
  count: number;
  untaggedAt: number;
  readonly tags: Map<string, number>;
}

function newHistory(): History {
  return { epoch: randomUUID(), count: 0, untaggedAt: 0, tags: new Map() };
}
