import {
  execute,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { type Answer, mediaTypes } from './invented-subgraph.ts';
import { type InventedObject, Inventor } from './inventor.ts';
import { requiredFields } from './required-fields.ts';
import type { Subgraphs } from './supergraphs.ts';

/**
 * What the subgraphs would answer if they were one server: the truth that a gateway has to arrive at, however it asks. For subgraphs without
 * mishaps that answer with nothing that clients may not see.
 */
export function inventWhole(subgraphs: Subgraphs, schema: GraphQLSchema, seed: string): Answer {
  const inventor = new Inventor(seed, { nulls: 0, errors: 0 }, { names: mediaTypes(subgraphs), hasHidden: false });
  const required = new Map(Object.values(subgraphs).flatMap((sdl) => [...requiredFields(parse(sdl))]));

  function field(parent: InventedObject | undefined, parentType: GraphQLObjectType, name: string, args: unknown): unknown {
    const definition = parentType.getFields()[name];
    if (definition === undefined) return undefined;
    // What an interface object requires, the types behind it require.
    const types = [parentType, ...parentType.getInterfaces()];
    const needs = types.map((type) => required.get(`${type.name}.${name}`)).find((set) => set !== undefined);
    const from = needs === undefined ? '' : JSON.stringify(select(parent, needs));
    return inventor.field({ schema, parent, parentType, field: definition, args, from });
  }

  function select(value: unknown, set: SelectionSetNode): unknown {
    if (Array.isArray(value)) return value.map((item) => select(item, set));
    const object = value as InventedObject | null | undefined;
    const type = object && schema.getType(object.__typename);
    if (!object || !isObjectType(type)) return value;
    const nodes = set.selections.filter((selection) => selection.kind === Kind.FIELD);
    return Object.fromEntries(
      nodes.map((node) => {
        const definition = type.getFields()[node.name.value];
        const inner = field(object, type, node.name.value, definition && getArgumentValues(definition, node));
        return [node.name.value, node.selectionSet === undefined ? inner : select(inner, node.selectionSet)];
      }),
    );
  }

  const fieldResolver: GraphQLFieldResolver<InventedObject | undefined, unknown> = (parent, args, _context, { parentType, fieldName }) =>
    field(parent, parentType, fieldName, args);
  const typeResolver = (value: { __typename: string }) => value.__typename;
  return async (query, variableValues) => {
    const result = await execute({ schema, document: parse(query), variableValues, fieldResolver, typeResolver });
    return JSON.parse(JSON.stringify(result));
  };
}
