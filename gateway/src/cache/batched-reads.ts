import type { Dependency, WritesQuery, WritesReading } from '@app/cache';
import type { Writes } from './writes.ts';

/**
 * Reads that are asked for while one is under way are made together, as the next one: each begins after it was asked for, so nobody is told of
 * a state from before the question.
 */
export function inBatches(read: (query: WritesQuery) => Promise<ReadonlyMap<string, WritesReading>>): Writes['read'] {
  let next: Batch | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  return (subgraphs, dependencies) => {
    next ??= begin();
    addTo(next.query, subgraphs, dependencies);
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
  readonly readings: ReturnType<Writes['read']>;
}

function addTo(query: Batch['query'], subgraphs: readonly string[], dependencies: readonly Dependency[]): void {
  for (const subgraph of subgraphs) if (!query.has(subgraph)) query.set(subgraph, new Set());
  for (const { subgraph, tags } of dependencies) for (const tag of tags) query.get(subgraph)?.add(tag);
}
