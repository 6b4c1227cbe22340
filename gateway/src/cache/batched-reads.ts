import type { WritesQuery, WritesReading } from '@app/cache';

type Read = (query: WritesQuery) => Promise<ReadonlyMap<string, WritesReading>>;

/**
 * Reads that are asked for while one is under way are made together, as the next one: each begins after it was asked for, so nobody is told of
 * a state from before the question.
 */
export function inBatches(read: Read): Read {
  let next: Batch | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  return (query) => {
    next ??= begin();
    addTo(next.query, query);
    return next.readings;
  };

  function begin(): Batch {
    const query: Batch['query'] = new Map();
    const readings = underWay.then(() => {
      next = undefined;
      return read(query);
    });
    underWay = readings.catch(() => undefined);
    return { query, readings };
  }
}

interface Batch {
  readonly query: Map<string, Set<string>>;
  readonly readings: ReturnType<Read>;
}

function addTo(all: Batch['query'], query: WritesQuery): void {
  for (const [subgraph, tags] of query) {
    const known = all.get(subgraph);
    if (known === undefined) all.set(subgraph, new Set(tags));
    else for (const tag of tags) known.add(tag);
  }
}
