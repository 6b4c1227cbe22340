import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLFieldResolver, Kind, parse } from 'graphql';
import { type InventedObject, Inventor, type Mishaps } from './inventor.ts';
import { pick, requiredFields } from './required-fields.ts';
import { type Subgraphs, subgraphSdl } from './supergraphs.ts';

/** Answers one GraphQL request. */
export type Answer = (query: string, variables: Record<string, unknown>) => Promise<{ data?: unknown; errors?: unknown }>;

/**
 * Subgraphs whose every value is a function of the seed and of what was asked for, so that two executors that ask in different ways get
 * the same answers. Values of fields with `@requires` depend on what was sent for them, so that sending something else shows.
 */
export function inventSubgraphs(subgraphs: Subgraphs, seed: string, mishaps: Mishaps, hasHidden = true): Map<string, Answer> {
  const inventor = new Inventor(seed, mishaps, { names: mediaTypes(subgraphs), hasHidden });
  return new Map(Object.entries(subgraphs).map(([name, sdl]) => [name, inventSubgraph(subgraphSdl(sdl), inventor)]));
}

function inventSubgraph(sdl: string, inventor: Inventor): Answer {
  const document = parse(sdl);
  const schema = buildSubgraphSchema([{ typeDefs: document, resolvers: referenceResolvers(sdl, inventor) }] as never);
  const required = requiredFields(document);
  const fieldResolver: GraphQLFieldResolver<InventedObject | undefined, unknown> = (parent, args, _context, { parentType, fieldName }) => {
    const field = parentType.getFields()[fieldName];
    if (field === undefined) return undefined;
    const needs = required.get(`${parentType.name}.${fieldName}`);
    const from = needs === undefined ? '' : JSON.stringify(pick(parent?.given, needs));
    return inventor.field({ schema, parent, parentType, field, args, from });
  };
  return async (query, variables) => {
    const typeResolver = (value: { __typename: string }) => value.__typename;
    const result = await execute({ schema, document: parse(query), variableValues: variables, fieldResolver, typeResolver });
    return JSON.parse(JSON.stringify(result));
  };
}

function referenceResolvers(sdl: string, inventor: Inventor) {
  const entities = parse(sdl).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    const isEntity = definition.directives?.some((directive) => directive.name.value === 'key');
    return isEntity ? [{ name: definition.name.value, isInterface: definition.kind === Kind.INTERFACE_TYPE_DEFINITION }] : [];
  });
  const resolver = (isInterface: boolean) => (reference: Record<string, unknown>) => inventor.entity(reference, isInterface);
  return Object.fromEntries(entities.map(({ name, isInterface }) => [name, { __resolveReference: resolver(isInterface) }]));
}

/** Types that the interface `Media` stands for. */
export function mediaTypes(subgraphs: Subgraphs): string[] {
  return 'catalog' in subgraphs ? ['Book', 'Film'] : [];
}
