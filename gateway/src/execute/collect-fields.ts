import { type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, Kind, type SelectionSetNode } from 'graphql';
import { type Conjunction, narrow } from './condition.ts';
import { typeApplies } from './type-condition.ts';

/** A selection set and what must hold for it to count. */
export interface ConditionalSelections {
  readonly selectionSet: SelectionSetNode;
  readonly condition: Conjunction;
}

/** All selections of one response key on one type, in the order of the document. */
export interface CollectedField {
  readonly key: string;
  readonly node: FieldNode;
  /** One for each selection: the field is in the answer when any holds. */
  readonly conditions: readonly Conjunction[];
  readonly selections: readonly ConditionalSelections[];
}

/** What collecting needs to know of the operation. */
export interface CollectScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

interface MutableField {
  readonly key: string;
  readonly node: FieldNode;
  readonly conditions: Conjunction[];
  readonly selections: ConditionalSelections[];
}

/** CollectFields of the GraphQL specification (6.3.2) for one type, ahead of time: conditions on variables stay open. */
export function collectFields(scope: CollectScope, typename: string, groups: readonly ConditionalSelections[]): CollectedField[] {
  const fields = new Map<string, MutableField>();
  const visit = ({ selectionSet, condition: outer }: ConditionalSelections): void => {
    for (const selection of selectionSet.selections) {
      const condition = narrow(outer, selection.directives);
      if (condition === 'never') continue;
      if (selection.kind === Kind.FIELD) {
        addField(fields, selection, condition);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const type = fragment.typeCondition?.name.value;
      if (type === undefined || typeApplies(scope.schema, type, typename)) visit({ selectionSet: fragment.selectionSet, condition });
    }
  };
  groups.forEach(visit);
  return [...fields.values()];
}

function addField(fields: Map<string, MutableField>, node: FieldNode, condition: Conjunction): void {
  const key = node.alias?.value ?? node.name.value;
  const field = fields.get(key) ?? { key, node, conditions: [], selections: [] };
  field.conditions.push(condition);
  if (node.selectionSet) field.selections.push({ selectionSet: node.selectionSet, condition });
  fields.set(key, field);
}
