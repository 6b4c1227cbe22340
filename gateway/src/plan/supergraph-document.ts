import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

/** Names of the join specification, which composition never renames. */
export const JOIN_TYPE = 'join__type';
export const JOIN_FIELD = 'join__field';
const JOIN_GRAPH = 'join__Graph';

/** A type with fields in a supergraph SDL. */
export type FieldsDefinition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** True for object and interface types. */
export function hasFields(node: DocumentNode['definitions'][number]): node is FieldsDefinition {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

/** Directives with this name on a definition. */
export function directivesOf(node: FieldsDefinition | FieldDefinitionNode, name: string): readonly ConstDirectiveNode[] {
  return (node.directives ?? []).filter((directive) => directive.name.value === name);
}

/** An argument's value, or undefined. */
export function argumentOf(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

/** The type's name without lists and `!`. */
export function namedTypeOf(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedTypeOf(type.type);
}

/** Names of the subgraphs by the enum values that the join directives use. */
export function subgraphNames(document: DocumentNode): ReadonlyMap<string, string> {
  const graphs = document.definitions.find(
    (node): node is EnumTypeDefinitionNode => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === JOIN_GRAPH,
  );
  const entries = (graphs?.values ?? []).map(({ name, directives = [] }) => {
    const stated = directives.map((directive) => argumentOf(directive, 'name')).find((value) => value?.kind === Kind.STRING);
    return [name.value, stated?.kind === Kind.STRING ? stated.value : name.value] as const;
  });
  return new Map(entries);
}

/** The selections of a field set, as keys and `@requires` have it. */
export function parseFieldSet(fields: string): SelectionSetNode {
  const document = parse(`{${fields}}`, { noLocation: true });
  return (document.definitions[0] as OperationDefinitionNode).selectionSet;
}

/** The enum value of the subgraph that a join directive is about. */
export function graphOf(join: ConstDirectiveNode): string {
  const graph = argumentOf(join, 'graph');
  return graph?.kind === Kind.ENUM ? graph.value : '';
}

/** Every name in the field sets of `@requires`, `@provides` and `@key`, by subgraph. */
export function wordsOfFieldSets(document: DocumentNode): Map<string, Set<string>> {
  const words = new Map<string, Set<string>>();
  for (const node of document.definitions.filter(hasFields)) {
    const joins = [node, ...(node.fields ?? [])].flatMap((each) => [...directivesOf(each, JOIN_TYPE), ...directivesOf(each, JOIN_FIELD)]);
    for (const join of joins) {
      const known = words.get(graphOf(join)) ?? new Set<string>();
      words.set(graphOf(join), known);
      for (const name of ['key', 'requires', 'provides']) {
        const fieldSet = argumentOf(join, name);
        if (fieldSet?.kind === Kind.STRING) for (const [word] of fieldSet.value.matchAll(/\w+/g)) known.add(word);
      }
    }
  }
  return words;
}
