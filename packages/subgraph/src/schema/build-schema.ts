import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { type GraphQLSchema, parse } from 'graphql';
import { buildSchema, createResolversMap } from 'type-graphql';
import { executableSdl, printSubgraphSdl } from './federation-sdl.ts';

/** Finds an entity by its representation; null when it is missing or not the caller's: the two look the same. */
export type ReferenceResolver<Context> = (reference: Record<string, unknown> & { __typename: string }, context: Context) => unknown;

/** What a subgraph's schema is made of. */
export interface SubgraphSchemaOptions<Context> {
  /** type-graphql resolver classes. */
  readonly resolvers: readonly [Function, ...Function[]];
  /** Types that no field mentions: entities reached only by reference. */
  readonly orphanedTypes?: readonly Function[];
  /** By entity name. */
  readonly references: Readonly<Record<string, ReferenceResolver<Context>>>;
}

/** A subgraph's executable schema and the SDL that is committed as its contract. */
export interface SubgraphSchema {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

/** Builds the federation schema from type-graphql classes. type-graphql keeps one global store: one subgraph per process. */
export async function buildFederatedSchema<Context>(options: SubgraphSchemaOptions<Context>): Promise<SubgraphSchema> {
  const classes = await buildSchema({
    resolvers: [...options.resolvers] as [Function, ...Function[]],
    orphanedTypes: [...(options.orphanedTypes ?? [])],
    skipCheck: true,
    validate: false,
  });
  const sdl = printSubgraphSdl(classes);
  const resolvers = createResolversMap(classes) as Record<string, object>;
  for (const [name, resolve] of Object.entries(options.references)) {
    resolvers[name] = { ...resolvers[name], __resolveReference: resolve };
  }
  return { schema: buildSubgraphSchema({ typeDefs: parse(executableSdl(sdl)), resolvers: resolvers as GraphQLResolverMap<unknown> }), sdl };
}
