import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { executableSdl, printSubgraphSdl } from './federation-sdl.ts';

const definitions =
  'directive @cacheControl(maxAge: Int, scope: String) on OBJECT | FIELD_DEFINITION directive @key(fields: String!) on OBJECT';

test('what is used of federation is imported, what is not used is not', () => {
  const plain = printSubgraphSdl(buildSchema('type Query { a: Int }'));
  expect(plain).toContain('import: []');
  expect(plain).not.toContain('cacheControl');
});

test('a cache hint brings its definition, hidden from clients, and keeps its scope an enum value', () => {
  const sdl = printSubgraphSdl(
    buildSchema(`${definitions} type Query { a: A } type A @key(fields: "id") @cacheControl(maxAge: 5, scope: "PRIVATE") { id: ID }`),
  );
  expect(sdl).toContain('import: ["@inaccessible", "@key"]');
  expect(sdl).toContain('scalar CacheControlScope @inaccessible');
  expect(sdl).toContain('@cacheControl(maxAge: 5, scope: PRIVATE)');
});

test('what is hinted PRIVATE is answered as private, on types, on fields and as an entity', async () => {
  const sdl = printSubgraphSdl(
    buildSchema(`${definitions} type Query { own: Own any: Int @cacheControl(maxAge: 5) mine: Int @cacheControl(maxAge: 5, scope: "PRIVATE") }
      type Own @key(fields: "id") @cacheControl(maxAge: 5, scope: "PRIVATE") { id: ID }`),
  );
  const resolvers = { Query: { own: () => ({ id: '1' }), any: () => 1, mine: () => 1 } };
  const schema = buildSubgraphSchema({ typeDefs: parse(executableSdl(sdl)), resolvers });
  const server = new ApolloServer({ schema, plugins: [ApolloServerPluginCacheControl()] });
  const policyOf = async (query: string) => (await server.executeOperation({ query })).http.headers.get('cache-control');
  expect(await policyOf('{ any }')).toBe('max-age=5, public');
  for (const query of ['{ any mine }', '{ own { id } }', '{ _entities(representations: [{ __typename: "Own", id: "1" }]) { __typename } }'])
    expect(await policyOf(query)).toBe('max-age=5, private');
});
