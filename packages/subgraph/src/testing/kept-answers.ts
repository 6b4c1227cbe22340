import assert from 'node:assert/strict';
import { type Dependency, isUnchanged, readWrites, tagsIn } from '@app/cache';

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
    private readonly redis: Parameters<typeof readWrites>[0],
    private readonly subgraph: string,
    private readonly ask: (query: string, variables: Record<string, unknown>) => Promise<TaggedAnswer>,
  ) {}

  /** Asks, and keeps the answer in place of an older one. */
  async read(query: string, variables: Record<string, unknown> = {}): Promise<void> {
    const { epoch, count } = await this.writes([]);
    const answer = await this.ask(query, variables);
    const tags = tagsOf(answer);
    const dependency = { subgraph: this.subgraph, epoch, count, tags: tags ?? [], isUntagged: tags === undefined };
    this.kept.set(JSON.stringify([query, variables]), { answer: textOf(answer), dependency });
  }

  /** Holds every answer that its tags still allow against a new one; answers how many. @throws AssertionError when they differ. */
  async check(): Promise<number> {
    for (const [key, { answer, dependency }] of this.kept) {
      const isUsable = isUnchanged(dependency, new Map([[this.subgraph, await this.writes(dependency.tags)]]));
      if (!isUsable) this.kept.delete(key);
      else assert.equal(textOf(await this.ask(...(JSON.parse(key) as [string, Record<string, unknown>]))), answer, key);
    }
    return this.kept.size;
  }

  private async writes(tags: readonly string[]) {
    const reading = (await readWrites(this.redis, new Map([[this.subgraph, new Set(tags)]]))).get(this.subgraph);
    assert(reading);
    return reading;
  }
}

function textOf({ data, errors }: TaggedAnswer): string {
  return JSON.stringify({ data, errors });
}
