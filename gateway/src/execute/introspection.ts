import {
  type DirectiveNode,
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { CollectedField } from './collect-fields.ts';
import type { Conjunction, Literal } from './condition.ts';
import type { ShapeState } from './shape-state.ts';

/** Makes the compiler of an operation's introspection fields. Without variables in the operation an answer is computed once. */
export function introspector(
  apiSchema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (field: CollectedField) => (state: ShapeState) => string {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return (field) => {
    const { key, node } = field;
    const selections = field.selections.flatMap(({ selectionSet, condition }) => underConditions(selectionSet, condition));
    // Whether the field is in the answer at all is the shape's to say. The first node's directives would hold for all of them.
    const whole: FieldNode = { ...node, directives: [], selectionSet: { kind: Kind.SELECTION_SET, selections } };
    const alone: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [{ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [whole] } }, ...fragments],
    };
    const answer = ({ variables }: ShapeState): string => {
      const { data } = executeSync({ schema: apiSchema, document: alone, rootValue: {}, variableValues: variables });
      return JSON.stringify(data?.[key] ?? null);
    };
    if (operation.variableDefinitions?.length) return answer;
    let known: string | undefined;
    return (state) => (known ??= answer(state));
  };
}

/** The same selections, wrapped into what must hold for them. */
function underConditions(selectionSet: SelectionSetNode, condition: Conjunction): readonly SelectionNode[] {
  if (condition === 'never') return [];
  return condition.reduce<readonly SelectionNode[]>(
    (selections, literal) => [
      { kind: Kind.INLINE_FRAGMENT, directives: [directiveOf(literal)], selectionSet: { kind: Kind.SELECTION_SET, selections } },
    ],
    selectionSet.selections,
  );
}

function directiveOf({ variable, isNegated }: Literal): DirectiveNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const value = { kind: Kind.VARIABLE, name: name(variable) } as const;
  return {
    kind: Kind.DIRECTIVE,
    name: name(isNegated ? 'skip' : 'include'),
    arguments: [{ kind: Kind.ARGUMENT, name: name('if'), value }],
  };
}
