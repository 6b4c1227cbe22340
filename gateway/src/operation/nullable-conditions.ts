import { type DirectiveNode, type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../plan/fragments.ts';

/**
 * Variables that decide in `@skip` or `@include` and that may be null, since their type has a default instead of an exclamation mark: valid by
 * GraphQL's rules, though null is neither yes nor no. The document must be valid.
 */
export function nullableConditions(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const nullable = new Set<string>();
  for (const { variable, type } of operation.variableDefinitions ?? [])
    if (type.kind !== Kind.NON_NULL_TYPE) nullable.add(variable.name.value);
  if (nullable.size === 0) return [];
  const fragments = fragmentsOf(document);
  const visited = new Set<string>();
  const found = new Set<string>();
  const visit = (set: SelectionSetNode | undefined): void => {
    for (const node of set?.selections ?? []) {
      for (const name of conditionsOf(node.directives)) if (nullable.has(name)) found.add(name);
      if (node.kind !== Kind.FRAGMENT_SPREAD) visit(node.selectionSet);
      else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        visit(fragments.get(node.name.value)?.selectionSet);
      }
    }
  };
  visit(operation.selectionSet);
  return [...found];
}

function conditionsOf(directives: readonly DirectiveNode[] = []): string[] {
  return directives.flatMap(({ name, arguments: given = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return [];
    return given.flatMap(({ value }) => (value.kind === Kind.VARIABLE ? [value.name.value] : []));
  });
}
