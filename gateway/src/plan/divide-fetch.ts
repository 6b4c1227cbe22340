import type { FetchNode } from '@apollo/query-planner';
import type { RequiredVariants } from './required-variants.ts';
import type { FieldPaths, Requirements } from './requirements.ts';
import { restoreVariants } from './restore-variants.ts';
import { type Fits, splitFetch } from './split-fetch.ts';

/** A fetch of a plan, and what to do for entities that lack something that some of its fields require. */
export interface PlannedFetch extends FetchNode {
  /** Fetches that together ask for the same, each only for fields that require the same; absent when there would be one. */
  readonly fallbacks?: readonly FetchNode[];
}

/** What dividing needs to know of a supergraph. */
export interface DivideScope {
  readonly variants: RequiredVariants;
  readonly requirements: Requirements;
}

/**
 * The fetches that a planned fetch becomes. Representations have room for one value of a field, so what requires it with other arguments is
 * asked for apart. And the planner asks together for fields with different requirements, although some of these may be missing where a
 * condition or a failure left them out: then the others are still asked for.
 */
export function divideFetch(fetch: FetchNode, { variants, requirements }: DivideScope): readonly PlannedFetch[] {
  const fits: Fits = (required, others) => others.size === 0 || !isAmbiguous(new Set([...required, ...others]), variants);
  return splitFetch(fetch, requirements, fits).map((part) => {
    const fallbacks = splitFetch(part, requirements, isSame);
    const restored = restoreVariants(part, variants);
    return fallbacks.length < 2 ? restored : { ...restored, fallbacks: fallbacks.map((each) => restoreVariants(each, variants)) };
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
