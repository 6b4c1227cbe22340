import { type DocumentNode, type FieldNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from './fragments.ts';

/** A field that is asked for so that there is one. Its key is none that a client's field can have in a plan. */
export const KEPT_TYPENAME: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: 'kept__typename' },
  name: { kind: Kind.NAME, value: '__typename' },
};

/**
 * Makes the completion of selection sets that variables may leave empty: `__typename` is added to them. The planner fetches an object only
 * if one of its fields is wanted, but an object without fields is not null.
 */
export function certainSelections(document: DocumentNode): (field: FieldNode) => SelectionSetNode | undefined {
  const fragments = fragmentsOf(document);
  const isCertain = (selection: SelectionNode): boolean => {
    if (selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return false;
    if (selection.kind === Kind.FIELD) return true;
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return fragment?.selectionSet.selections.some(isCertain) ?? false;
  };
  return ({ selectionSet }) => {
    if (selectionSet === undefined || selectionSet.selections.some(isCertain)) return selectionSet;
    return { ...selectionSet, selections: [...selectionSet.selections, KEPT_TYPENAME] };
  };
}
