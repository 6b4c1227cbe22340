import { type DocumentNode, executeSync, type FieldNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { CollectedField } from './collect-fields.ts';
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
    const selections = field.selections.flatMap(({ selectionSet }) => selectionSet.selections);
    const whole: FieldNode = { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } };
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
