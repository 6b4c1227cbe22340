import { apiSchemaOf, type SubgraphSource } from '@app/schema-registry/work';
import {
  astFromValue,
  type DefinitionNode,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  print,
} from 'graphql';

/** A field, argument or input field. */
export interface FieldDescription {
  readonly name: string;
  readonly type: string;
  /** Name of the type without list and non-null. */
  readonly typeName: string;
  readonly description: string;
  readonly deprecated: string | null;
  readonly defaultValue: string | null;
  readonly arguments: readonly FieldDescription[];
  /** Subgraphs that resolve it. */
  readonly subgraphs: readonly string[];
}

/** A type as clients see it. */
export interface TypeDescription {
  readonly name: string;
  readonly kind: 'type' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';
  readonly description: string;
  readonly interfaces: readonly string[];
  /** Members of a union, types that implement an interface. */
  readonly members: readonly string[];
  readonly fields: readonly FieldDescription[];
  readonly values: readonly { readonly name: string; readonly description: string; readonly deprecated: string | null }[];
  /** Subgraphs that define it. */
  readonly subgraphs: readonly string[];
}

/** What clients see of a supergraph, in alphabetical order, and which subgraph it comes from. */
export function describeSchema(supergraph: string, subgraphs: readonly SubgraphSource[]): TypeDescription[] {
  const schema = apiSchemaOf(supergraph);
  const owners = ownersIn(subgraphs);
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .sort((left, right) => left.name.localeCompare(right.name))
    .map((type) => describeType(type, schema, owners));
}

type Owners = ReadonlyMap<string, readonly string[]>;

function describeType(type: GraphQLNamedType, schema: GraphQLSchema, owners: Owners): TypeDescription {
  return {
    name: type.name,
    kind: kindOf(type),
    description: type.description ?? '',
    interfaces: isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().map(({ name }) => name) : [],
    members: isUnionType(type) || isInterfaceType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [],
    fields: fieldsOf(type, owners),
    values: isEnumType(type) ? type.getValues().map(describeValue) : [],
    subgraphs: owners.get(type.name) ?? [],
  };
}

function describeValue({ name, description, deprecationReason }: GraphQLEnumValue): TypeDescription['values'][number] {
  return { name, description: description ?? '', deprecated: deprecationReason ?? null };
}

function kindOf(type: GraphQLNamedType): TypeDescription['kind'] {
  if (isObjectType(type)) return 'type';
  if (isInterfaceType(type)) return 'interface';
  if (isUnionType(type)) return 'union';
  if (isEnumType(type)) return 'enum';
  return isInputObjectType(type) ? 'input' : 'scalar';
}

function fieldsOf(type: GraphQLNamedType, owners: Owners): FieldDescription[] {
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => describeInput(field));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).map((field) => ({
    ...describeInput({ ...field, defaultValue: undefined }),
    arguments: field.args.map((argument) => describeInput(argument)),
    subgraphs: owners.get(`${type.name}.${field.name}`) ?? [],
  }));
}

type Input = Pick<GraphQLArgument, 'name' | 'description' | 'deprecationReason' | 'defaultValue'> & {
  readonly type: { toString(): string } & Parameters<typeof getNamedType>[0];
};

function describeInput({ name, type, description, deprecationReason, defaultValue }: Input): FieldDescription {
  const value = defaultValue === undefined ? null : astFromValue(defaultValue, type as GraphQLArgument['type']);
  return {
    name,
    type: String(type),
    typeName: String(getNamedType(type)),
    description: description ?? '',
    deprecated: deprecationReason ?? null,
    defaultValue: value == null ? null : print(value),
    arguments: [],
    subgraphs: [],
  };
}

/** Subgraphs by type and by `Type.field`; what a subgraph only mentions as external is not its own. */
function ownersIn(subgraphs: readonly SubgraphSource[]): Owners {
  const owners = new Map<string, string[]>();
  const note = (coordinate: string, name: string) => {
    const known = owners.get(coordinate) ?? [];
    if (!known.includes(name)) owners.set(coordinate, [...known, name]);
  };
  for (const { name, sdl } of subgraphs)
    for (const definition of parse(sdl, { noLocation: true }).definitions)
      for (const coordinate of coordinatesOf(definition)) note(coordinate, name);
  return owners;
}

function coordinatesOf(definition: DefinitionNode): string[] {
  if (!('name' in definition) || definition.name === undefined || !/Type/.test(definition.kind)) return [];
  const type = definition.name.value;
  const fields = 'fields' in definition ? (definition.fields ?? []) : [];
  const own = fields.filter(
    ({ directives = [] }) => !directives.some((directive) => /^(federation__)?external$/.test(directive.name.value)),
  );
  return [type, ...own.map((field) => `${type}.${field.name.value}`)];
}
