/** What a subgraph is asked for in one request: each entity once. */
export class DistinctRepresentations {
  /** Each as JSON. */
  readonly texts: string[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly root = new Branch();

  /** The place of a representation among all, which may be a new one at the end. */
  indexOf(text: string): number {
    const index = this.indexes.get(text);
    if (index !== undefined) return index;
    this.indexes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  /** Where those who represent entities in one way find by values what they have represented before. */
  branchOf(way: unknown): Branch {
    return this.root.next(way);
  }
}

/** Indexes of representations by the last of their values, below the others: looking values up takes a tenth of writing and comparing texts. */
export class Branch {
  readonly indexes = new Map<unknown, number>();
  private readonly branches = new Map<unknown, Branch>();

  /** What lies behind a value. */
  next(value: unknown): Branch {
    const known = this.branches.get(value);
    if (known !== undefined) return known;
    const branch = new Branch();
    this.branches.set(value, branch);
    return branch;
  }

  /** Remembers and answers the index of what ends with this value. */
  keep(value: unknown, index: number): number {
    this.indexes.set(value, index);
    return index;
  }
}
