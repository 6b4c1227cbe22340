import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../plan/fragments.ts';

/** How often each root field is asked for, fragments written out: ten aliases of one field are ten. The document must be valid. */
export function countRootFields(document: DocumentNode, operation: OperationDefinitionNode): Map<string, number> {
  const fragments = fragmentsOf(document);
  const counts = new Map<string, number>();
  const visit = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) counts.set(node.name.value, (counts.get(node.name.value) ?? 0) + 1);
      else if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet);
      else visit(fragments.get(node.name.value)?.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] });
    }
  };
  visit(operation.selectionSet);
  return counts;
}
