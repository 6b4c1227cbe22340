import { ANY_TAG } from '@app/cache';

/** What an answer of one subgraph depends on. */
export interface TagSet {
  readonly tags: readonly string[];
  /** Some of it has no tags: any write in the subgraph may concern it. */
  readonly isUntagged: boolean;
}

/** More tags than this on one answer cost more than they spare. */
const MAX_TAGS = 500;

/** What an answer depends on that is made of these. */
export function unionOfTags(sets: Iterable<TagSet>): TagSet {
  const tags = new Set<string>();
  let isUntagged = false;
  for (const set of sets) {
    for (const tag of set.tags) tags.add(tag);
    isUntagged ||= set.isUntagged;
  }
  return tags.size > MAX_TAGS ? { tags: [ANY_TAG], isUntagged: true } : { tags: [...tags], isUntagged };
}

/** Tags that a subgraph sends with an answer, if it sends any that can be read. */
export function sentTags(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((tag) => typeof tag === 'string') ? value : undefined;
}

/** Tags that a subgraph sends complete what the schema declares: the answer depends on nothing else then. */
export function withSent(declared: TagSet, sent: readonly string[] | undefined): TagSet {
  return sent === undefined ? declared : { tags: [...new Set([...declared.tags, ...sent])], isUntagged: false };
}

/** Tags that a subgraph sends for each entity, in their order; none when it is not clear which belong to which. */
export function sentForEach(sent: unknown, entities: number): (readonly string[] | undefined)[] {
  return Array.isArray(sent) && sent.length === entities ? sent.map(sentTags) : [];
}
