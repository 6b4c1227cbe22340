import { type FieldNode, Kind, type OperationDefinitionNode, parse, print, type SelectionSetNode, stripIgnoredCharacters } from 'graphql';
import { ENTITIES, type EntityFetch, type EntityPart, REPRESENTATIONS } from './fetch-description.ts';

/**
 * One fetch that asks for what several entity fetches of one subgraph ask for. Fetches of the same fields by the same keys share an
 * `_entities` field, so that an entity which several paths lead to is asked for once; others get a field of their own under an alias.
 */
export function mergeEntityFetches(fetches: readonly EntityFetch[]): EntityFetch {
  const [first, ...others] = fetches;
  if (first === undefined) throw new RangeError('There is nothing to merge.');
  if (others.length === 0) return first;
  const bySelection = Map.groupBy(fetches.map(readFetch), ({ key }) => key);
  const groups = [...bySelection.values()].map((group, index) => mergeEqual(group, index));
  const variableUsages = [...new Set(fetches.flatMap((fetch) => fetch.variableUsages))];
  const parts = groups.map(({ part }) => part);
  if (groups.length === 1) return { ...first, variableUsages, parts };
  return { ...first, variableUsages, parts, query: mergedQuery(first, groups) };
}

interface ReadFetch {
  readonly operation: OperationDefinitionNode;
  readonly selectionSet: SelectionSetNode;
  readonly part: EntityPart;
  /** Equal for fetches that differ in nothing but where their entities stand. */
  readonly key: string;
}

function readFetch(fetch: EntityFetch): ReadFetch {
  const [part] = fetch.parts;
  const document = parse(fetch.query, { noLocation: true });
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections.find(isEntitiesField);
  if (part === undefined || operation === undefined || field?.selectionSet === undefined || document.definitions.length > 1) {
    throw new Error('This is not the query of an entity fetch.');
  }
  const key = JSON.stringify([print(field.selectionSet), part.requires, part.inputRewrites, part.outputRewrites]);
  return { operation, selectionSet: field.selectionSet, part, key };
}

function isEntitiesField(selection: { readonly kind: string }): selection is FieldNode {
  return selection.kind === Kind.FIELD && (selection as FieldNode).name.value === ENTITIES;
}

function mergeEqual(group: readonly ReadFetch[], index: number): Pick<ReadFetch, 'part' | 'selectionSet' | 'operation'> & { operations: OperationDefinitionNode[] } {
  const [first] = group;
  if (first === undefined) throw new RangeError('There is nothing to merge.');
  const suffix = index === 0 ? '' : String(index);
  const part = {
    ...first.part,
    responseKey: index === 0 ? ENTITIES : `${ENTITIES}${suffix}`,
    variable: `${REPRESENTATIONS}${suffix}`,
    paths: group.flatMap((fetch) => fetch.part.paths),
  };
  return { part, selectionSet: first.selectionSet, operation: first.operation, operations: group.map(({ operation }) => operation) };
}

function mergedQuery({ operationName }: EntityFetch, groups: readonly ReturnType<typeof mergeEqual>[]): string {
  const declared = new Map<string, string>();
  for (const { variable } of groups.map(({ part }) => part)) declared.set(variable, `$${variable}:[_Any!]!`);
  for (const definition of groups.flatMap(({ operations }) => operations).flatMap(({ variableDefinitions = [] }) => variableDefinitions)) {
    const name = definition.variable.name.value;
    if (!declared.has(name)) declared.set(name, print(definition));
  }
  const fields = groups.map(({ part: { responseKey, variable }, selectionSet }) => {
    const alias = responseKey === ENTITIES ? '' : `${responseKey}:`;
    return `${alias}${ENTITIES}(representations:$${variable})${print(selectionSet)}`;
  });
  return stripIgnoredCharacters(`query ${operationName ?? ''}(${[...declared.values()].join(' ')}){${fields.join(' ')}}`);
}
