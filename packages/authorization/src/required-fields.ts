import {
  baseType,
  type CompositeType,
  type FieldDefinition,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type Schema,
} from '@apollo/federation-internals';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import { directiveName, fieldsOf } from './linked-directives.ts';

/**
 * Coordinates that a field's value comes from: `@requires(fields:)`, `@fromContext`, and the interface's field where an interface object
 * (`@interfaceObject`) provides it for all types behind the interface.
 * Threat: a public field that requires a protected one hands its value out in another form. Composition refuses such schemas since 2.12.1;
 * supergraphs composed earlier do not, so the gateway adds the requirements itself.
 */
export function coordinatesBehind(schema: Schema): Map<string, Set<string>> {
  const join = directiveName(schema, 'join', 'field');
  const context = directiveName(schema, 'context', 'context');
  const behind = new Map<string, Set<string>>();
  if (join === undefined) return behind;
  for (const type of schema.types()) {
    for (const field of fieldsOf(type)) {
      const found = new Set<string>();
      for (const { graph, requires, contextArguments } of joinArguments(field, join)) {
        if (graph === undefined) for (const coordinate of sameFieldOfInterfaces(field)) found.add(coordinate);
        if (requires !== undefined) collect(schema, type.name, selectionOf(requires), found);
        for (const argument of contextArguments ?? []) {
          for (const owner of typesWithContext(schema, context, argument.context))
            collect(schema, owner, selectionOf(argument.selection), found);
        }
      }
      if (found.size > 0) behind.set(field.coordinate, found);
    }
  }
  return behind;
}

interface JoinArguments {
  /** The subgraph that has the field; undefined where an interface object provides it. */
  readonly graph?: string;
  readonly requires?: string;
  readonly contextArguments?: readonly { readonly context: string; readonly selection: string }[];
}

function joinArguments(field: FieldDefinition<CompositeType>, join: string): JoinArguments[] {
  return field.appliedDirectives.filter((directive) => directive.name === join).map((directive) => directive.arguments() as JoinArguments);
}

function sameFieldOfInterfaces({ name, parent }: FieldDefinition<CompositeType>): string[] {
  if (!isObjectType(parent)) return [];
  return [...parent.interfaces()].filter((type) => type.field(name) !== undefined).map((type) => `${type.name}.${name}`);
}

function typesWithContext(schema: Schema, directive: string | undefined, name: string): string[] {
  return schema
    .types()
    .flatMap((type) =>
      type.appliedDirectives.some((applied) => applied.name === directive && (applied.arguments() as { name?: string }).name === name)
        ? [type.name]
        : [],
    );
}

/** The text of a selection, with or without its braces. A selection that does not parse stops the load. */
function selectionOf(text: string): SelectionSetNode {
  const [definition] = parse(text.trim().startsWith('{') ? text : `{ ${text} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a selection: ${text}`);
  return definition.selectionSet;
}

function collect(schema: Schema, typeName: string, set: SelectionSetNode, found: Set<string>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      collect(schema, selection.typeCondition?.name.value ?? typeName, selection.selectionSet, found);
      continue;
    }
    const name = selection.name.value;
    const type = schema.type(typeName);
    // What is selected on an interface may be the field of any type behind it.
    const owners = type && isInterfaceType(type) ? [typeName, ...type.possibleRuntimeTypes().map((possible) => possible.name)] : [typeName];
    for (const owner of owners) found.add(`${owner}.${name}`);
    const field = type && isCompositeType(type) ? type.field(name) : undefined;
    if (field?.type && selection.selectionSet) collect(schema, baseType(field.type).name, selection.selectionSet, found);
  }
}
