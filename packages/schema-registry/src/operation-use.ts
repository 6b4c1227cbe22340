import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { definitionsIn } from './definitions.ts';
import type { AffectedOperation } from './finding.ts';
import type { RegisteredOperation } from './operations.ts';

/** What a document has to do with a schema. */
export interface OperationUse {
  /** `Type`, `Type.field`, `Type.field(arg:)`, `Input.field`, `Enum.VALUE`, `@directive`, `@directive(arg:)`. */
  readonly coordinates: ReadonlySet<string>;
  /** Names of types whose values it gets. */
  readonly reads: ReadonlySet<string>;
  /** Arguments that it leaves, or may leave, to their defaults: `Type.field(arg:)`, `@directive(arg:)`. */
  readonly omits: ReadonlySet<string>;
}

/** An operation and what it uses. */
export interface UsedOperation {
  readonly operation: RegisteredOperation;
  readonly use: OperationUse;
}

/**
 * What a document uses. A field that is selected on an interface counts for every type that can be there. An input type that is sent counts
 * with all its fields, since variables may carry any of them.
 */
export function useOf(document: DocumentNode, schema: GraphQLSchema): OperationUse {
  const use = { coordinates: new Set<string>(), reads: new Set<string>(), omits: new Set<string>() };
  const info = new TypeInfo(schema);
  const scope = { info, schema, optional: optionalVariables(document) };
  const visitor = {
    Field: (node: FieldNode) => addField(use, node, scope),
    Argument: () => addArgument(use.coordinates, info),
    Directive: (node: DirectiveNode) => addDirective(use, node, scope),
    EnumValue: (node: { value: string }) => void use.coordinates.add(`${getNamedType(info.getInputType())?.name}.${node.value}`),
    NamedType: (node: { name: { value: string } }) => addInputType(use.coordinates, schema.getType(node.name.value)),
  };
  visit(document, visitWithTypeInfo(info, visitor));
  return use;
}

/** Coordinates that a document uses; see {@link OperationUse}. */
export function coordinatesOf(document: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  return useOf(document, schema).coordinates;
}

/** What each operation uses of a schema. Those that are no GraphQL, which only a report can have brought, use nothing. */
export function usesOf(operations: readonly RegisteredOperation[], schema: GraphQLSchema): UsedOperation[] {
  return operations.map((operation) => ({
    operation,
    use: useOf({ kind: Kind.DOCUMENT, definitions: definitionsIn(operation.document) }, schema),
  }));
}

/** How findings name an operation. */
export function affectedOperation({ name, clients, lastSeen }: RegisteredOperation): AffectedOperation {
  return { name, clients, lastSeen };
}

interface Use {
  readonly coordinates: Set<string>;
  readonly reads: Set<string>;
  readonly omits: Set<string>;
}

interface Scope {
  readonly info: TypeInfo;
  readonly schema: GraphQLSchema;
  /** Names of variables that may be left out. */
  readonly optional: ReadonlySet<string>;
}

/** What is given by a variable that is left out is left out too. */
function optionalVariables({ definitions }: DocumentNode): ReadonlySet<string> {
  const variables = definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : []));
  const optional = variables.filter(({ type, defaultValue }) => type.kind !== Kind.NON_NULL_TYPE && defaultValue === undefined);
  return new Set(optional.map(({ variable }) => variable.name.value));
}

function givenIn(nodes: readonly ArgumentNode[] | undefined, optional: ReadonlySet<string>): ReadonlySet<string> {
  const given = nodes?.filter(({ value }) => value.kind !== Kind.VARIABLE || !optional.has(value.name.value));
  return new Set(given?.map(({ name }) => name.value));
}

function addField({ coordinates, reads, omits }: Use, node: FieldNode, { info, schema, optional }: Scope): void {
  const parent = info.getParentType();
  const field = info.getFieldDef();
  if (!parent || !field) return;
  const given = givenIn(node.arguments, optional);
  for (const owner of isInterfaceType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent]) {
    coordinates.add(`${owner.name}.${field.name}`);
    for (const { name } of field.args) if (!given.has(name)) omits.add(`${owner.name}.${field.name}(${name}:)`);
  }
  const { name } = getNamedType(field.type);
  coordinates.add(parent.name).add(name);
  reads.add(name);
}

function addArgument(coordinates: Set<string>, info: TypeInfo): void {
  const argument = info.getArgument();
  const parent = info.getParentType();
  const field = info.getFieldDef();
  if (!argument || !parent || !field || info.getDirective()) return;
  coordinates.add(`${parent.name}.${field.name}(${argument.name}:)`);
  addInputType(coordinates, getNamedType(argument.type));
}

function addDirective(
  { coordinates, omits }: Use,
  { name: { value: directive }, arguments: nodes = [] }: DirectiveNode,
  { schema, optional }: Scope,
): void {
  const given = givenIn(nodes, optional);
  coordinates.add(`@${directive}`);
  for (const { name } of nodes) coordinates.add(`@${directive}(${name.value}:)`);
  for (const { name } of schema.getDirective(directive)?.args ?? []) if (!given.has(name)) omits.add(`@${directive}(${name}:)`);
}

function addInputType(coordinates: Set<string>, type: GraphQLNamedType | undefined): void {
  if (!type || (isInputObjectType(type) && coordinates.has(`${type.name}.`))) return;
  coordinates.add(type.name);
  if (!isInputObjectType(type)) return;
  coordinates.add(`${type.name}.`);
  for (const field of Object.values(type.getFields())) {
    coordinates.add(`${type.name}.${field.name}`);
    addInputType(coordinates, getNamedType(field.type));
  }
}
