import { type DocumentNode, type FieldNode, Kind, print, type SelectionSetNode } from 'graphql';
import { type Fragments, fragmentsOf } from './fragments.ts';

/** The name of a field in the response. */
export function clientKeyOf({ name, alias }: FieldNode): string {
  return alias?.value ?? name.value;
}

/** Equal for selections that ask for the same. */
export function signatureOf({ name, arguments: args = [] }: FieldNode): string {
  return `${name.value}(${args.map(print).sort().join()})`;
}

/**
 * Names under which a document asks for different things in one place of the response. That is valid below types of which no object is both,
 * but the planner asks for what stands in one place in one fetch, and keeps only one of the two.
 */
export function ambiguousKeys(document: DocumentNode): ReadonlySet<string> {
  const ambiguous = new Set<string>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) visitPlace([definition.selectionSet], fragmentsOf(document), ambiguous);
  }
  return ambiguous;
}

/** Looks at the selection sets that together make one object of the response, then at what they contain. */
function visitPlace(sets: readonly SelectionSetNode[], fragments: Fragments, ambiguous: Set<string>): void {
  const fields = new Map<string, FieldNode[]>();
  for (const node of sets.flatMap((set) => fieldsOf(set, fragments))) {
    const known = fields.get(clientKeyOf(node));
    if (known === undefined) fields.set(clientKeyOf(node), [node]);
    else known.push(node);
  }
  for (const [key, nodes] of fields) {
    if (nodes.length > 1 && new Set(nodes.map(signatureOf)).size > 1) ambiguous.add(key);
    const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (inner.length > 0) visitPlace(inner, fragments, ambiguous);
  }
}

function fieldsOf(set: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return set.selections.flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return fragment === undefined ? [] : fieldsOf(fragment.selectionSet, fragments);
  });
}
