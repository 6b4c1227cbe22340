/** One value of a facet. */
export interface FacetBucket {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly selected: boolean;
}

/** A way to narrow a search, with what each choice would leave. */
export interface Facet {
  readonly key: string;
  readonly label: string;
  readonly buckets: readonly FacetBucket[];
}

/** A counted value as the database gives it. */
export interface FacetRow {
  readonly filter: string;
  readonly filterLabel: string;
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** Groups counted values into facets, in the order in which they come; `chosen` are the values of the filter by facet. */
export function facetsOf(rows: readonly FacetRow[], chosen: ReadonlyMap<string, readonly string[]>): Facet[] {
  const facets = new Map<string, { key: string; label: string; buckets: FacetBucket[] }>();
  for (const { filter, filterLabel, value, label, count } of rows) {
    const facet = facets.get(filter) ?? { key: filter, label: filterLabel, buckets: [] };
    facet.buckets.push({ value, label, count, selected: chosen.get(filter)?.includes(value) ?? false });
    facets.set(filter, facet);
  }
  return [...facets.values()];
}
