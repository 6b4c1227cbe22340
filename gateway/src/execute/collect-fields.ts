import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
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

/** A fragment that is delivered after what is around it. */
export interface DeferredFragment extends ConditionalSelections {
  /** The plan's name for it. */
  readonly planLabel: string;
  /** The client's. */
  readonly label: string | undefined;
}

/** What a selection set comes to on one type. */
export interface CollectedSelections {
  readonly fields: CollectedField[];
  readonly deferred: DeferredFragment[];
}

/** What collecting needs to know of the operation. */
export interface CollectScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The plan's name for a `@defer`; undefined when everything is answered at once. */
  readonly planLabelOf?: (defer: DirectiveNode) => string | undefined;
}

interface MutableField {
  readonly key: string;
  readonly node: FieldNode;
  readonly conditions: Conjunction[];
  readonly selections: ConditionalSelections[];
}

/** CollectFields of the GraphQL specification (6.3.2) for one type, ahead of time: conditions on variables stay open. */
export function collectFields(scope: CollectScope, typename: string, groups: readonly ConditionalSelections[]): CollectedSelections {
  const fields = new Map<string, MutableField>();
  const deferred: DeferredFragment[] = [];
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
      if (type !== undefined && !typeApplies(scope.schema, type, typename)) continue;
      const defer = deferOf(selection, scope, condition);
      if (defer !== undefined) deferred.push({ ...defer, selectionSet: fragment.selectionSet });
      visit({ selectionSet: fragment.selectionSet, condition: defer === undefined ? condition : unless(defer, condition) });
    }
  };
  groups.forEach(visit);
  return { fields: [...fields.values()], deferred };
}

type Defer = Omit<DeferredFragment, 'selectionSet'> & { readonly variable: string | undefined };

/** When and under which names a fragment is deferred; undefined when it never is. */
function deferOf({ directives }: InlineFragmentNode | FragmentSpreadNode, scope: CollectScope, outer: Conjunction): Defer | undefined {
  const directive = directives?.find(({ name }) => name.value === 'defer');
  const planLabel = directive && scope.planLabelOf?.(directive);
  if (directive === undefined || planLabel === undefined || outer === 'never') return undefined;
  const argument = (name: string) => directive.arguments?.find((each) => each.name.value === name)?.value;
  const given = argument('label');
  const label = given?.kind === Kind.STRING ? given.value : undefined;
  const condition = argument('if');
  if (condition?.kind === Kind.BOOLEAN && !condition.value) return undefined;
  if (condition?.kind !== Kind.VARIABLE) return { planLabel, label, condition: outer, variable: undefined };
  const variable = condition.name.value;
  return { planLabel, label, condition: [...outer, { variable, isNegated: false }], variable };
}

/** What must hold for a deferred fragment's fields to come with what is around them. */
function unless({ variable }: Defer, condition: Conjunction): Conjunction {
  return variable === undefined || condition === 'never' ? 'never' : [...condition, { variable, isNegated: true }];
}

function addField(fields: Map<string, MutableField>, node: FieldNode, condition: Conjunction): void {
  const key = node.alias?.value ?? node.name.value;
  const field = fields.get(key) ?? { key, node, conditions: [], selections: [] };
  field.conditions.push(condition);
  if (node.selectionSet) field.selections.push({ selectionSet: node.selectionSet, condition });
  fields.set(key, field);
}
