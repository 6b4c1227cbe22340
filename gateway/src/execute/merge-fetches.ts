import { type FieldNode, Kind, parse, print } from 'graphql';
import { ENTITIES, type EntityFetch } from './fetch-description.ts';

/**
 * One fetch for several entity fetches that ask one subgraph for the same fields by the same keys, so that an entity which several paths
 * lead to is asked for once. Fetches of different fields stay apart, although aliases could put them into one request: `_entities` is not
 * nullable, so that one bad representation would take the answers to all of them away.
 */
export function mergeEntityFetches(fetches: readonly EntityFetch[]): EntityFetch {
  const [first] = fetches;
  if (first === undefined) throw new RangeError('There is nothing to merge.');
  const variableUsages = [...new Set(fetches.flatMap((fetch) => fetch.variableUsages))];
  const ids = fetches.flatMap((fetch) => fetch.ids);
  const paths = fetches.flatMap((fetch) => fetch.paths);
  // Fetches that ask for the same have the same fallbacks.
  return { ...first, ids, variableUsages, paths, fallbacks: first.fallbacks.map((fallback) => ({ ...fallback, paths })) };
}

/** Equal for fetches that differ in nothing but where their entities stand. */
export function mergeKey({ subgraph, query, requires, inputRewrites, outputRewrites, contextRewrites }: EntityFetch): string {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections.find(isEntitiesField);
  if (field?.selectionSet === undefined || document.definitions.length > 1) throw new Error('This is not the query of an entity fetch.');
  return JSON.stringify([subgraph, print(field.selectionSet), requires, inputRewrites, outputRewrites, contextRewrites]);
}

function isEntitiesField(selection: { readonly kind: string }): selection is FieldNode {
  return selection.kind === Kind.FIELD && (selection as FieldNode).name.value === ENTITIES;
}
