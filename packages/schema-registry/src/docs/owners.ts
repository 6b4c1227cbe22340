import { type DefinitionNode, type DirectiveNode, type FieldDefinitionNode, type InputValueDefinitionNode, Kind, parse } from 'graphql';

/** Which subgraphs offer what. */
export interface Owners {
  /** By `Type` and `Type.field`, in the order of the supergraph. */
  readonly subgraphs: ReadonlyMap<string, readonly string[]>;
  /** Keys by which subgraphs find an entity, by type. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

/** Reads who offers what from the join directives of a supergraph (join specification, versions 0.1 to 0.5). */
export function readOwners(supergraphSdl: string): Owners {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const names = graphNames(definitions);
  const subgraphs = new Map<string, readonly string[]>();
  const keys = new Map<string, readonly string[]>();
  for (const definition of definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const type = definition.name.value;
    const joined = (definition.directives ?? []).filter(({ name }) => name.value === 'join__type');
    const owners = unique(joined.map((node) => nameOf(node, names)));
    if (owners.length > 0) subgraphs.set(type, owners);
    const found = unique(joined.map((node) => argument(node, 'key')));
    if (found.length > 0) keys.set(type, found);
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    for (const field of fields) subgraphs.set(`${type}.${field.name.value}`, ownersOf(field, names) ?? owners);
  }
  return { subgraphs, keys };
}

/** Undefined when every subgraph of the type offers the field. */
function ownersOf(
  { directives = [] }: FieldDefinitionNode | InputValueDefinitionNode,
  names: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  const joined = directives.filter(({ name }) => name.value === 'join__field');
  if (joined.length === 0) return undefined;
  const offering = joined.filter((node) => argument(node, 'external') !== 'true' && argument(node, 'usedOverridden') !== 'true');
  const owners = unique(offering.map((node) => nameOf(node, names)));
  return owners.length > 0 ? owners : undefined;
}

function graphNames(definitions: readonly DefinitionNode[]): Map<string, string> {
  const graphs = definitions.find((node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph');
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.map(({ name, directives = [] }) => {
      const graph = directives.find((node) => node.name.value === 'join__graph');
      return [name.value, (graph && argument(graph, 'name')) ?? name.value];
    }),
  );
}

function nameOf(node: DirectiveNode, names: ReadonlyMap<string, string>): string | undefined {
  const graph = argument(node, 'graph');
  return graph === undefined ? undefined : (names.get(graph) ?? graph);
}

function argument({ arguments: given = [] }: DirectiveNode, name: string): string | undefined {
  const value = given.find((node) => node.name.value === name)?.value;
  switch (value?.kind) {
    case Kind.STRING:
    case Kind.ENUM:
      return value.value;
    case Kind.BOOLEAN:
      return String(value.value);
    default:
      return undefined;
  }
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
