import { randomUUID } from 'node:crypto';
import { readGenerations } from '@app/cache';
import type { Redis } from 'ioredis';
import type { Entry } from './tiered-store.ts';

/** Tells which generation of its data each subgraph has. */
export interface Generations {
  /** In the order of the names. @throws when it cannot be told: nothing may be taken from a cache then. */
  read(subgraphs: readonly string[]): Promise<readonly string[]>;
}

/** The generations that subgraphs move on in Redis after each write (decision 005). */
export function redisGenerations(redis: Redis): Generations {
  return { read: (subgraphs) => readGenerations(redis, subgraphs) };
}

/** Without Redis nobody tells of writes: what is cached lives as long as its subgraph said. */
export function localGenerations(): Generations {
  const always = randomUUID();
  return { read: (subgraphs) => Promise.resolve(subgraphs.map(() => always)) };
}

/** Whether no subgraph that an entry was made from has written since. */
export function isCurrent(entry: Entry, current: Readonly<Record<string, string>>): boolean {
  return Object.entries(entry.generations).every(([subgraph, generation]) => current[subgraph] === generation);
}
