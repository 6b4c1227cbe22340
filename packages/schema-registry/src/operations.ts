import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { readText, UsageError } from './graph.ts';

/** An operation that clients send, as the registry knows it. */
export interface RegisteredOperation {
  readonly name: string;
  readonly document: string;
  /** SHA-256 of the document, as trusted documents and APQ use it. */
  readonly hash: string;
  /** `client@version` of those who send it. */
  readonly clients: readonly string[];
  /** ISO date of the last report; null when only registered. */
  readonly lastSeen: string | null;
  /** How often it was sent in the window that was asked for; absent where nobody counts. */
  readonly requests?: number;
}

/** Reads every `.graphql` file of a folder: one operation each, fragments included. @throws {UsageError} naming the file. */
export function readOperations(folder: string, client: string): RegisteredOperation[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort();
  return files.flatMap((file) => operationsOf(readText(join(folder, file)), join(folder, file), client));
}

function operationsOf(document: string, file: string, client: string): RegisteredOperation[] {
  const hash = createHash('sha256').update(document).digest('hex');
  try {
    const definitions = parse(document).definitions.filter(
      (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
    );
    return definitions.map((node) => ({ name: node.name?.value ?? file, document, hash, clients: [client], lastSeen: null }));
  } catch (error) {
    if (error instanceof GraphQLError) throw new UsageError(`${file} is not GraphQL: ${error.message}`);
    throw error;
  }
}

/** @throws {UsageError} when an operation's hash is not that of its document: a manifest that was edited, or made by something else. */
export function assertHashes(operations: readonly RegisteredOperation[]): void {
  for (const { name, document, hash } of operations) {
    const actual = createHash('sha256').update(document).digest('hex');
    if (actual !== hash)
      throw new UsageError(
        `Operation ${name}: its hash is ${hash}, that of its document is ${actual}. Make the manifest again from the documents.`,
      );
  }
}

/**
 * Every schema coordinate a document touches: `Type`, `Type.field`, `Type.field(arg:)`, `Input.field`, `Enum.VALUE`. A
 * field selected on an interface touches the field of every implementing type, and the other way round. An input type
 * that is sent counts with all its fields, since variables may carry any of them.
 */
export function coordinatesOf(document: DocumentNode, schema: GraphQLSchema): Set<string> {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  const visitor = {
    Field: () => addField(found, info, schema),
    Argument: () => addArgument(found, info),
    EnumValue: (node: { value: string }) => void found.add(`${getNamedType(info.getInputType())?.name}.${node.value}`),
    NamedType: (node: { name: { value: string } }) => addInputType(found, schema.getType(node.name.value)),
  };
  visit(document, visitWithTypeInfo(info, visitor));
  return found;
}

function addField(found: Set<string>, info: TypeInfo, schema: GraphQLSchema): void {
  const parent = info.getParentType();
  const field = info.getFieldDef();
  if (!parent || !field) return;
  const kin = isInterfaceType(parent)
    ? schema.getPossibleTypes(parent)
    : isObjectType(parent)
      ? parent.getInterfaces().filter((face) => face.getFields()[field.name])
      : [];
  for (const owner of [parent, ...kin]) found.add(owner.name).add(`${owner.name}.${field.name}`);
  found.add(getNamedType(field.type).name);
}

function addArgument(found: Set<string>, info: TypeInfo): void {
  const argument = info.getArgument();
  const parent = info.getParentType();
  const field = info.getFieldDef();
  if (!argument || !parent || !field) return;
  found.add(`${parent.name}.${field.name}(${argument.name}:)`);
  addInputType(found, getNamedType(argument.type));
}

function addInputType(found: Set<string>, type: GraphQLNamedType | undefined): void {
  if (!type || (isInputObjectType(type) && found.has(`${type.name}.`))) return;
  found.add(type.name);
  if (!isInputObjectType(type)) return;
  found.add(`${type.name}.`);
  for (const field of Object.values(type.getFields())) {
    found.add(`${type.name}.${field.name}`);
    addInputType(found, getNamedType(field.type));
  }
}
