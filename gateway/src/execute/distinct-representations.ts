/** What a subgraph is asked for in one request: each entity once. */
export class DistinctRepresentations {
  /** Each as JSON. */
  readonly texts: string[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly branches = new Map<unknown, Branch>();

  /** The place of a representation among all, which may be a new one at the end. */
  indexOf(text: string): number {
    const index = this.indexes.get(text);
    if (index !== undefined) return index;
    this.indexes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  /** Where those who represent entities in one way find by values what they have represented before. */
  branchOf(way: unknown): Branch {
    const known = this.branches.get(way);
    if (known !== undefined) return known;
    const branch = new Branch();
    this.branches.set(way, branch);
    return branch;
  }
}

/** Indexes of representations by the last of their values, below the others: looking values up takes a tenth of writing and comparing texts. */
export class Branch {
  readonly indexes = new Map<unknown, number>();
  private readonly branches = new Map<unknown, Branch>();

  next(value: unknown): Branch {
    const known = this.branches.get(value);
    if (known !== undefined) return known;
    const branch = new Branch();
    this.branches.set(value, branch);
    return branch;
  }

  keep(value: unknown, index: number): number {
    this.indexes.set(value, index);
    return index;
  }
}
