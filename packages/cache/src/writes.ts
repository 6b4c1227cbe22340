import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Counts live longer than anything that is cached under them. */
const LIFETIME_SECONDS = 7 * 24 * 60 * 60;

/** When a subgraph has more tags than this, everything of it is forgotten once, and counting begins anew. */
const MAX_TAGS = 100_000;

/** Stands for more tags than are worth naming: whoever depends on it depends on each write, also on those of tags alone. */
export const ANY_TAG = '*';

/** What a write changed. */
export interface Written {
  /** Whatever depends on one of these. Absent: everything of the subgraph. */
  readonly tags?: readonly string[];
  /** Also what names no tags, of which nobody knows what it depends on. Default: true. */
  readonly includesUntagged?: boolean;
}

/** A point in a subgraph's history. Points of different epochs have nothing to do with each other. */
export interface Moment {
  /** Random; another one when Redis lost the counts. */
  readonly epoch: string;
  /** Writes of this epoch so far. */
  readonly count: number;
}

/** What is to be known about writes: the tags in question of each subgraph in question. */
export type WritesQuery = ReadonlyMap<string, ReadonlySet<string>>;

/** The writes of a subgraph as they stand. */
export interface WritesReading extends Moment {
  /** Count of the last write that concerned what names no tags. */
  readonly untaggedAt: number;
  /** Counts of the last writes that concerned the tags that were asked for; 0: none. */
  readonly tagsAt: ReadonlyMap<string, number>;
}

/**
 * A subgraph's writes are one Redis hash: `epoch`, `count`, `untagged`, and for each tag the count of its last write. Being one key, it is
 * lost as a whole or not at all: no tag can be forgotten while what depends on it goes on. The script begins with a write that takes no memory:
 * a Redis that is full lets a script finish that has written, and refuses one that would begin with more.
 */
const BUMP = `
local epoch, lifetime, max_tags, untagged = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
redis.call('PERSIST', KEYS[1])
if #ARGV == 4 or redis.call('HLEN', KEYS[1]) > max_tags then redis.call('DEL', KEYS[1]) end
redis.call('HSETNX', KEYS[1], 'epoch', epoch)
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
if untagged == '1' then redis.call('HSET', KEYS[1], 'untagged', count) end
for i = 5, #ARGV do redis.call('HSET', KEYS[1], 'tag:' .. ARGV[i], count) end
redis.call('EXPIRE', KEYS[1], lifetime)
`;

/**
 * Makes answers that were cached so far, by the subgraph itself or by a gateway, unreachable. Call it after a commit, before answering the
 * writer.
 * @throws when Redis does not answer.
 */
export async function bumpGeneration(redis: Redis, subgraph: string, written: Written = {}): Promise<void> {
  const untagged = written.includesUntagged === false ? '0' : '1';
  await redis.eval(BUMP, 1, keyOf(subgraph), randomUUID(), LIFETIME_SECONDS, MAX_TAGS, untagged, ...concernedTags(written));
}

/** The tags that a write concerns; none: everything. What depends on {@link ANY_TAG} is untagged as well, and hears of other writes as such. */
export function concernedTags({ tags = [], includesUntagged = true }: Written): readonly string[] {
  return includesUntagged || tags.length === 0 ? tags : [...tags, ANY_TAG];
}

/**
 * Reads what became of subgraphs, by their names. An answer may be kept with the moment that was read before it was computed,
 * and used as long as nothing that it depends on was written later in the same epoch: see {@link isUnchanged}.
 * @throws when Redis does not answer.
 */
export async function readWrites(redis: Redis, query: WritesQuery): Promise<ReadonlyMap<string, WritesReading>> {
  return new Map(
    await Promise.all(Array.from(query, async ([subgraph, tags]) => [subgraph, await readWritesOf(redis, subgraph, [...tags])] as const)),
  );
}

/** As {@link readWrites}, of one subgraph. */
export async function readWritesOf(redis: Redis, subgraph: string, tags: readonly string[]): Promise<WritesReading> {
  const key = keyOf(subgraph);
  const [epoch, count, untagged, ...at] = await redis.hmget(key, 'epoch', 'count', 'untagged', ...tags.map((tag) => `tag:${tag}`));
  const tagsAt = new Map(tags.map((tag, index) => [tag, Number(at[index] ?? 0)]));
  return { epoch: epoch ?? (await startEpoch(redis, key)), count: Number(count ?? 0), untaggedAt: Number(untagged ?? 0), tagsAt };
}

/** The first to ask begins the epoch; all others get the same. */
async function startEpoch(redis: Redis, key: string): Promise<string> {
  const [, found] = (await redis.multi().hsetnx(key, 'epoch', randomUUID()).hget(key, 'epoch').expire(key, LIFETIME_SECONDS).exec()) ?? [];
  const [error, epoch] = found ?? [];
  if (typeof epoch !== 'string') throw error ?? new Error('Redis did not begin an epoch.');
  return epoch;
}

/** What an answer was made from, as far as one subgraph goes. */
export interface Dependency extends Moment {
  readonly subgraph: string;
  readonly tags: readonly string[];
  /** Whether any write may concern it. */
  readonly isUntagged: boolean;
}

/** The tags in the extensions of a subgraph's answer, by their names in Apollo Router; undefined: it may change with any write. */
export function tagsIn(extensions: unknown): readonly string[] | undefined {
  const { apolloCacheTags, apolloEntityCacheTags } = (extensions ?? {}) as SentTags;
  return apolloCacheTags ?? apolloEntityCacheTags?.flat();
}

interface SentTags {
  readonly apolloCacheTags?: readonly string[];
  readonly apolloEntityCacheTags?: readonly (readonly string[])[];
}

/** What a subgraph's answer depends on that was computed no earlier than a moment and was sent with these extensions. */
export function dependencyOf(subgraph: string, { epoch, count }: Moment, extensions: unknown): Dependency {
  const tags = tagsIn(extensions);
  return { subgraph, epoch, count, tags: tags ?? [], isUntagged: tags === undefined };
}

/** Whether nothing that the answer depends on was written since its moment. What was not asked for counts as written. */
export function isUnchanged(
  { subgraph, epoch, count, isUntagged, tags }: Dependency,
  readings: ReadonlyMap<string, WritesReading>,
): boolean {
  const reading = readings.get(subgraph);
  if (reading?.epoch !== epoch || (isUntagged && reading.untaggedAt > count)) return false;
  return tags.every((tag) => (reading.tagsAt.get(tag) ?? Number.POSITIVE_INFINITY) <= count);
}

function keyOf(subgraph: string): string {
  return `writes:${subgraph}`;
}
