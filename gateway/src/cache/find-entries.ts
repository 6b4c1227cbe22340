import { type Dependency, isUnchanged, type Moment, type WritesReading } from '@app/cache';
import type { Entry, TieredStore } from './tiered-store.ts';
import type { Writes } from './writes.ts';

/** Where entries are and who knows whether they are still true. */
export interface EntrySources {
  readonly store: TieredStore;
  readonly writes: Writes;
}

/** What was found. */
export interface FoundEntries {
  /** In the order of the keys; nothing that was written to since is among them. Some may be past their time. */
  readonly entries: readonly (Entry | undefined)[];
  /** Where each subgraph stood before anything was looked up: what is computed from here on may be kept with these. */
  readonly moments: ReadonlyMap<string, Moment>;
}

/**
 * Looks keys up. One round trip, however many keys: the writes are read together with what this process does not have. A second one when
 * Redis had entries whose tags nobody could know before.
 * @throws when Redis does not answer.
 */
export async function findEntries(
  { store, writes }: EntrySources,
  keys: readonly string[],
  subgraphs: readonly string[],
): Promise<FoundEntries> {
  const near = store.getNear(keys);
  const missing = keys.filter((_, index) => near[index] === undefined);
  const reading = writes.read(subgraphs, dependenciesOf(near));
  if (missing.length === 0) {
    const moments = await reading;
    return { entries: near.map((entry) => current(entry, moments)), moments };
  }
  const [far, moments] = await Promise.all([store.getFar(missing), reading]);
  const hasUnreadTags = far.some((entry) => entry?.dependencies.some(({ tags }) => tags.length > 0));
  const readings = hasUnreadTags ? await writes.read(subgraphs, dependenciesOf([...near, ...far])) : moments;
  const fromFar = new Map(missing.map((key, index) => [key, far[index]]));
  const entries = keys.map((key, index) => current(near[index] ?? fromFar.get(key), readings));
  return { entries, moments };
}

function dependenciesOf(entries: readonly (Entry | undefined)[]): readonly Dependency[] {
  return entries.flatMap((entry) => entry?.dependencies ?? []);
}

function current(entry: Entry | undefined, readings: ReadonlyMap<string, WritesReading>): Entry | undefined {
  return entry?.dependencies.every((dependency) => isUnchanged(dependency, readings)) ? entry : undefined;
}
