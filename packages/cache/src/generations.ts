import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Generations live longer than anything that is cached under them. */
const LIFETIME_SECONDS = 7 * 24 * 60 * 60;

/**
 * Makes every answer of this subgraph that was cached so far, by itself or by a gateway, unreachable. Call it after a
 * commit, before answering the writer.
 */
export async function bumpGeneration(redis: Redis, name: string): Promise<void> {
  await redis.set(generationKey(name), randomUUID(), 'EX', LIFETIME_SECONDS);
}

/**
 * The generations of subgraphs, in the order of their names. An answer may be stored under a generation that was read
 * before the answer was computed, and used as long as it is still the same. A generation is random, never counted: one
 * that Redis lost cannot come back.
 * @throws when Redis does not answer.
 */
export async function readGenerations(redis: Redis, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const found = await redis.mget(names.map(generationKey));
  return Promise.all(names.map((name, index) => found[index] ?? startGeneration(redis, name)));
}

/** The first to ask makes the generation; all others get the same. */
async function startGeneration(redis: Redis, name: string): Promise<string> {
  const mine = randomUUID();
  const before = await redis.set(generationKey(name), mine, 'EX', LIFETIME_SECONDS, 'NX', 'GET');
  return before ?? mine;
}

function generationKey(name: string): string {
  return `generation:${name}`;
}
