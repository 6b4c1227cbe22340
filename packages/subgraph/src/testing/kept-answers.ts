import assert from 'node:assert/strict';
import { type Dependency, dependencyOf, isUnchanged, readWritesOf, tagsIn } from '@app/cache';

/** What a subgraph answered. */
export interface TaggedAnswer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** The tags that came with an answer; undefined: it may change with any write. */
export function tagsOf({ extensions }: TaggedAnswer): readonly string[] | undefined {
  return tagsIn(extensions);
}

/** Answers of a subgraph that are kept by their tags, as a gateway keeps them: a test writes between reading and checking. */
export class KeptAnswers {
  private readonly kept = new Map<string, { readonly answer: string; readonly dependency: Dependency }>();

  constructor(
    private readonly redis: Parameters<typeof readWritesOf>[0],
    private readonly subgraph: string,
    private readonly ask: (query: string, variables: Record<string, unknown>) => Promise<TaggedAnswer>,
  ) {}

  /** Asks, and keeps the answer in place of an older one. */
  async read(query: string, variables: Record<string, unknown> = {}): Promise<void> {
    const moment = await readWritesOf(this.redis, this.subgraph, []);
    const answer = await this.ask(query, variables);
    const dependency = dependencyOf(this.subgraph, moment, answer.extensions);
    this.kept.set(JSON.stringify([query, variables]), { answer: textOf(answer), dependency });
  }

  /** Holds every answer that its tags still allow against a new one; answers how many. @throws AssertionError when they differ. */
  async check(): Promise<number> {
    for (const [key, { answer, dependency }] of this.kept) {
      const reading = await readWritesOf(this.redis, this.subgraph, dependency.tags);
      if (!isUnchanged(dependency, new Map([[this.subgraph, reading]]))) this.kept.delete(key);
      else assert.equal(textOf(await this.ask(...(JSON.parse(key) as [string, Record<string, unknown>]))), answer, key);
    }
    return this.kept.size;
  }
}

function textOf({ data, errors }: TaggedAnswer): string {
  return JSON.stringify({ data, errors });
}
