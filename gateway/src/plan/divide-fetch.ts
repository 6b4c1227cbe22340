import type { FetchNode } from '@apollo/query-planner';
import type { RequiredVariants } from './required-variants.ts';
import type { FieldPaths, Requirements } from './requirements.ts';
import { restoreVariants } from './restore-variants.ts';
import { type Fits, splitFetch } from './split-fetch.ts';

/** For each type of entities the keys by which a subgraph resolves it; for each key the fields at its top. */
export type EntityKeys = Readonly<Record<string, readonly (readonly string[])[]>>;

/** A fetch of a plan, and what to do for entities that lack something that some of its fields require. Plans travel as JSON. */
export interface PlannedFetch extends FetchNode {
  /** Fetches that together ask for the same, each only for fields that require the same; absent when there would be one. */
  readonly fallbacks?: readonly PlannedFetch[];
  /**
   * By which fields the subgraph resolves each of its types: what has another type's name, or no whole key, is not sent. Absent when what the
   * plan collects always has one.
   */
  readonly keys?: EntityKeys;
}

/** What dividing needs to know of a supergraph. */
export interface DivideScope {
  readonly variants: RequiredVariants;
  readonly requirements: Requirements;
}

/**
 * The fetches that a planned fetch becomes. Representations have room for one value of a field, so what requires it with other arguments is
 * asked for apart. The planner asks together for fields with different requirements, although some of these may be missing where a
 * condition or a failure left them out: then the others are still asked for. And where interface objects are about, it
 * collects what a `@requires` needs for types that it collects no key for.
 */
export function divideFetch(fetch: FetchNode, { variants, requirements }: DivideScope): readonly PlannedFetch[] {
  const fits: Fits = (required, others) => others.size === 0 || !isAmbiguous(new Set([...required, ...others]), variants);
  // Collected for several types, a representation may be put together from what only some of these have.
  const isMixed = (fetch.requires?.length ?? 0) > 1;
  const finish = (part: FetchNode): PlannedFetch => ({
    ...restoreVariants(part, variants),
    ...(isMixed && { keys: Object.fromEntries(requirements.keysByType(fetch.serviceName)) }),
  });
  return splitFetch(fetch, requirements, fits).map((part) => {
    const fallbacks = splitFetch(part, requirements, isSame);
    return fallbacks.length < 2 ? finish(part) : { ...finish(part), fallbacks: fallbacks.map(finish) };
  });
}

/** True when two of these would stand in one place of a representation. */
function isAmbiguous(paths: FieldPaths, variants: RequiredVariants): boolean {
  const places = new Set(
    [...paths].map((path) =>
      path
        .split('.')
        .map((name) => variants.get(name)?.field ?? name)
        .join('.'),
    ),
  );
  return places.size < paths.size;
}

function isSame(required: FieldPaths, others: FieldPaths): boolean {
  return required.size === others.size && [...required].every((path) => others.has(path));
}
