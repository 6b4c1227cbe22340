import { type DocumentNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';

/** What each field of a subgraph requires, by `Type.field`. */
export type RequiredFields = ReadonlyMap<string, SelectionSetNode>;

/** Reads the `@requires` of a subgraph's SDL. */
export function requiredFields(document: DocumentNode): RequiredFields {
  const found = new Map<string, SelectionSetNode>();
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const requires = field.directives?.find((directive) => directive.name.value === 'requires');
      const fields = requires?.arguments?.find((argument) => argument.name.value === 'fields')?.value;
      if (fields?.kind === Kind.STRING) found.set(`${type.name.value}.${field.name.value}`, parseFields(fields.value));
    }
  }
  return found;
}

/** The values of a selection set, out of a representation, in the order of the selection set. */
export function pick(given: unknown, set: SelectionSetNode): unknown {
  if (Array.isArray(given)) return given.map((item) => pick(item, set));
  if (typeof given !== 'object' || given === null) return given;
  const values = new Map(Object.entries(given));
  const fields = set.selections.filter((selection) => selection.kind === Kind.FIELD);
  return Object.fromEntries(
    fields.map(({ name, selectionSet }) => {
      const value = values.get(name.value);
      return [name.value, selectionSet === undefined ? value : pick(value, selectionSet)];
    }),
  );
}

function parseFields(fields: string): SelectionSetNode {
  return (parse(`{${fields}}`).definitions[0] as OperationDefinitionNode).selectionSet;
}
